"""Standing permissions to enter a zone: asked for, given by a second person, taken back.

Follows the knowledge Q&A 十一 (未经允许,无关人员不得进入).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.engine.workflow import ENTRY, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, Person, Post
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import EntryPermission, Zone
from shoumi.server.places.queries.resources import zone_resource
from shoumi.server.places.services.asking import request_for_permission, request_stop
from shoumi.server.places.services.errors import DaysError, OverError, ReasonMissingError

Kind = EntryPermission.Kind
LONGEST_DAYS = 366  # what is needed longer is looked at again once a year


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall enter, from when until when, and why."""

    target: Person | Post | Department
    starts_on: date
    ends_on: date
    reason: str


KINDS = {Person: Kind.PERSON, Post: Kind.POST, Department: Kind.DEPARTMENT}


def permission_request(*, actor: User, zone: Zone, wish: Wish) -> EntryPermission:
    """Ask that a person, a post or a department may enter a zone.

    Raises:
        NotPermittedError: the actor does not manage the zone.
        OverError: the zone is closed.
        DaysError: the days are in the wrong order, over, or more than a year apart.
        ReasonMissingError: no reason.
    """
    gate.require(actor, Action.ENTRY_REQUEST, zone_resource(zone))
    reason = text_of(EntryPermission, "reason", wish.reason)
    if not reason:
        raise ReasonMissingError
    if wish.ends_on < wish.starts_on:
        raise DaysError(reason="it would end before it begins")
    if wish.ends_on < today_of(zone.entity):
        raise DaysError(reason="it would be over already")
    if (wish.ends_on - wish.starts_on).days > LONGEST_DAYS:
        raise DaysError(reason="a permission holds for at most one year")
    kind = KINDS[type(wish.target)]
    with transaction.atomic():
        if not locked(Zone, zone.pk, None).is_open:
            raise OverError
        row = EntryPermission.objects.create(
            zone=zone,
            kind=kind,
            starts_on=wish.starts_on,
            ends_on=wish.ends_on,
            reason=reason,
            requested_by=actor,
            requested_at=clock().now(),
            **{kind.value: wish.target},
        )
        row.request_id = request_for_permission(row).pk
        row.save(update_fields=["request_id"])
        record(
            LedgerTag.PLACES_PERMISSION_REQUESTED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "zone": zone.ledger_subject,
                "target": wish.target.ledger_subject,
                "starts_on": wish.starts_on.isoformat(),
                "ends_on": wish.ends_on.isoformat(),
                "reason": reason,
            },
        )
    return row


def permission_revoke(*, actor: User, permission: EntryPermission, reason: str) -> EntryPermission:
    """Take a permission back at once, or a request for one.

    Raises:
        NotPermittedError, ReasonMissingError: each as it says.
        TransitionRefusedError: it was rejected or taken back before.
    """
    gate.require(actor, Action.ENTRY_REQUEST, zone_resource(permission.zone))
    text = text_of(EntryPermission, "revoked_reason", reason)
    if not text:
        raise ReasonMissingError
    with transaction.atomic():
        row = locked(EntryPermission, permission.pk, None)
        row.state = advance(ENTRY, row.state, "revoke")
        row.revoked_at, row.revoked_reason = clock().now(), text
        row.version += 1
        row.save()
        request_stop(row.request_id, actor=actor, reason=text)
        record(
            LedgerTag.PLACES_PERMISSION_REVOKED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"zone": permission.zone.ledger_subject, "reason": text},
        )
    return row


def permission_decided(row: EntryPermission, *, actor: User, approved: bool, reason: str) -> EntryPermission:
    """Carry out what was decided; called by `handlers` inside the transaction of the decision."""
    row.state = advance(ENTRY, row.state, "grant" if approved else "reject")
    row.decided_by = actor
    row.version += 1
    row.save()
    tag = LedgerTag.PLACES_PERMISSION_APPROVED if approved else LedgerTag.PLACES_PERMISSION_REJECTED
    append(
        tag,
        actor=actor.ledger_actor,
        subject=row.ledger_subject,
        detail={"zone": row.zone.ledger_subject, "reason": reason},
    )
    return row
