"""Writes down signs of a leak outside, tells the secrecy office, and keeps its judgement.

Follows the Japanese page: unsolicited sales to customers, and what an outsider carried out on a smartphone.
A suspected leak by an outsider ends everything that is open for them in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.services import notify
from shoumi.server.partners.models import Signal, Worker
from shoumi.server.partners.services.errors import SignalJudgedError
from shoumi.server.partners.services.workers import accesses_end_all
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services.editing import FieldMissingError, locked, record, text_of
from shoumi.server.places.models import Zone

TOLD = gettext_noop("A sign of a leak was written down. Judge it.")
TEXTS = ("source", "text")
MORE = ("customer", "offered", "seeded", "device")


@dataclass(frozen=True, slots=True)
class SignalWish:
    """A sign as it was told."""

    department: Department
    kind: str
    happened_on: date
    source: str
    text: str
    customer: str = ""
    offered: str = ""
    seeded: str = ""
    worker: Worker | None = None
    zone: Zone | None = None
    device: str = ""


def signal_take(*, actor: User, wish: SignalWish) -> Signal:
    """Write a sign down; the secrecy office is told at once.

    Raises:
        NotPermittedError: the actor does not work in the department's legal entity.
        FieldMissingError: what happened, its source, or who carried something out is not told.
    """
    gate.require(actor, Action.COMPLAINT_TAKE, department_resource(wish.department))
    if wish.kind == Signal.Kind.CARRIED and wish.worker is None:
        raise FieldMissingError(field=_label("worker"))
    if wish.happened_on > today_of(wish.department.entity):
        raise FieldMissingError(field=_label("happened_on"))
    texts = {name: text_of(Signal, name, getattr(wish, name), required=True) for name in TEXTS}
    texts |= {name: text_of(Signal, name, getattr(wish, name)) for name in MORE}
    with transaction.atomic():
        signal = Signal.objects.create(
            department=wish.department,
            kind=Signal.Kind(wish.kind),
            happened_on=wish.happened_on,
            worker=wish.worker,
            zone=wish.zone,
            taken_by=actor,
            taken_at=clock().now(),
            **texts,
        )
        officers = role_holders(Role.SECRECY_OFFICER, wish.department.scope)
        notify(users=officers, message=TOLD, parameters={}, link=signal.get_absolute_url(), mail_text=TOLD)
        record(
            PartnerTag.SIGNAL_TAKEN,
            actor=actor,
            subject=signal.ledger_subject,
            detail={
                "kind": signal.kind,
                "happened_on": signal.happened_on.isoformat(),
                "worker": wish.worker.ledger_subject if wish.worker else "",
                "zone": str(wish.zone.pk) if wish.zone else "",
                "seeded_records": bool(signal.seeded),
            },
        )
    return signal


def signal_judge(
    *, actor: User, signal: Signal, expected_version: int, is_suspected: bool, judgement: str
) -> Signal:
    """Judge a sign; a suspected leak by an outsider ends what is open for them.

    Raises:
        NotPermittedError: the actor keeps no partners of the department.
        RecordChangedError, FieldMissingError: each as it says.
        SignalJudgedError: it was judged already.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(signal.department))
    with transaction.atomic():
        row = locked(Signal, signal.pk, expected_version)
        if row.state != Signal.State.OPEN:
            raise SignalJudgedError
        row.judgement = text_of(Signal, "judgement", judgement, required=True)
        row.state = Signal.State.SUSPECTED if is_suspected else Signal.State.HARMLESS
        row.judged_at, row.judged_by = clock().now(), actor
        row.version += 1
        row.save()
        ended = accesses_end_all(actor=actor, worker=row.worker) if is_suspected and row.worker else 0
        record(
            PartnerTag.SIGNAL_JUDGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"state": row.state, "accesses_ended": ended},
        )
    return row


def _label(field: str) -> str:
    return str(Signal._meta.get_field(field).verbose_name)  # noqa: SLF001 - Django's documented way
