"""Asks for visits, calls them off, and reveals what is masked of a visitor.

Follows the knowledge Q&A 十一.  Reception zones are made for outsiders: a visit that stays there needs no
second person; any other waits for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.engine.workflow import VISIT, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import Visit, Visitor, Zone
from shoumi.server.places.queries.resources import visit_resource, zone_resource
from shoumi.server.places.services.asking import request_for_visit, request_stop
from shoumi.server.places.services.errors import (
    DaysError,
    FieldUnknownError,
    OverError,
    StateError,
    VisitorsError,
)

MOST_VISITORS = 30
LONGEST = timedelta(days=14)
REVEALED = ("name", "phone")


@dataclass(frozen=True, slots=True)
class Coming:
    """One visitor as the host names them."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class VisitWish:
    """When who comes, to whom, and why."""

    host: Person
    purpose: str
    starts_at: datetime
    ends_at: datetime
    visitors: Sequence[Coming]
    organisation: str = ""
    escort: Person | None = None


def visit_request(*, actor: User, zone: Zone, wish: VisitWish) -> Visit:
    """Ask for a visit.

    Raises:
        NotPermittedError: the actor does not work in the zone's legal entity.
        OverError: the zone is closed.
        DaysError: the times are in the wrong order, over, or too far apart.
        VisitorsError: nobody is named, or too many are.
    """
    gate.require(actor, Action.VISIT_REQUEST, zone_resource(zone))
    _verify_times(wish)
    visitors = [item for item in wish.visitors if item.name.strip()]
    if not 1 <= len(visitors) <= MOST_VISITORS:
        raise VisitorsError(most=MOST_VISITORS)
    with transaction.atomic():
        if not locked(Zone, zone.pk, None).is_open:
            raise OverError
        visit = Visit.objects.create(
            zone=zone,
            host=wish.host,
            escort=wish.escort,
            organisation=text_of(Visit, "organisation", wish.organisation),
            purpose=text_of(Visit, "purpose", wish.purpose, required=True),
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            requested_by=actor,
            requested_at=clock().now(),
        )
        Visitor.objects.bulk_create(
            Visitor(
                visit=visit,
                name=text_of(Visitor, "name", item.name, required=True),
                phone=text_of(Visitor, "phone", item.phone),
            )
            for item in visitors
        )
        if zone.kind == Zone.Kind.RECEPTION:
            visit.state = advance(VISIT, visit.state, "approve")
        else:
            visit.request_id = request_for_visit(visit).pk
        visit.save(update_fields=["state", "request_id"])
        record(
            LedgerTag.PLACES_VISIT_REQUESTED,
            actor=actor,
            subject=visit.ledger_subject,
            detail={
                "zone": zone.ledger_subject,
                "host": wish.host.ledger_subject,
                "visitors": str(len(visitors)),
                "state": visit.state,
            },
        )
    return visit


def visit_withdraw(*, actor: User, visit: Visit, expected_version: int) -> Visit:
    """Call a visit off before anybody has come.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        StateError: somebody has come, or it is over.
    """
    gate.require(actor, Action.VISIT_WITHDRAW, visit_resource(visit))
    with transaction.atomic():
        row = locked(Visit, visit.pk, expected_version)
        came = row.visitors.filter(passages__entered_at__isnull=False).exists()
        if came or row.state not in {Visit.State.REQUESTED, Visit.State.APPROVED}:
            raise StateError(state=row.get_state_display())
        row.state = advance(VISIT, row.state, "withdraw")
        row.version += 1
        row.save()
        request_stop(row.request_id, actor=actor)
        record(LedgerTag.PLACES_VISIT_WITHDRAWN, actor=actor, subject=row.ledger_subject, detail={})
    return row


def visitor_reveal(*, actor: User, visitor: Visitor, field: str, purpose: str) -> str:
    """Return a visitor's name or telephone in full, and record who saw it and why.

    Raises:
        NotPermittedError: the actor may not, or gives no reason.
        FieldUnknownError: there is no such detail.
    """
    gate.require(actor, Action.VISIT_REVEAL, visit_resource(visitor.visit), purpose=purpose)
    if field not in REVEALED:
        raise FieldUnknownError
    with transaction.atomic():
        value: str = getattr(visitor, field)
        record(
            LedgerTag.PLACES_VISITOR_REVEALED,
            actor=actor,
            subject=visitor.visit.ledger_subject,
            detail={"visitor": str(visitor.pk), "field": field, "purpose": purpose.strip()},
        )
    return value


# --- what follows from a decision; called by `handlers` inside its transaction


def visit_decided(row: Visit, *, actor: User, approved: bool, reason: str) -> Visit:
    """Carry out what was decided about a visit."""
    row.state = advance(VISIT, row.state, "approve" if approved else "reject")
    row.decided_by = actor
    row.version += 1
    row.save()
    tag = LedgerTag.PLACES_VISIT_APPROVED if approved else LedgerTag.PLACES_VISIT_REJECTED
    append(tag, actor=actor.ledger_actor, subject=row.ledger_subject, detail={"reason": reason})
    return row


def _verify_times(wish: VisitWish) -> None:
    if wish.ends_at <= wish.starts_at:
        raise DaysError(reason="it would end before it begins")
    if wish.ends_at <= clock().now():
        raise DaysError(reason="it would be over already")
    if wish.ends_at - wish.starts_at > LONGEST:
        raise DaysError(reason="a visit lasts at most 14 days")
