"""The handover list: things are listed, handed over, and received by a named person, item by item.

Follows the guide 五(五)3(2).  Nobody receives their own things, nor what they handed over themselves.  The
step is recorded by itself as soon as a kind of things is settled; what is missing keeps it open.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.procedures import ItemState
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.lifecycle.models import CaseStep, HandoverItem, PersonCase, StepRecord
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.queries.handover import carriers_held
from shoumi.server.lifecycle.queries.standings import standing_of, who
from shoumi.server.lifecycle.services.errors import PartyMissingError, ThingError
from shoumi.server.lifecycle.services.recording import finish, open_step, record_keep
from shoumi.server.people.services.editing import record, text_of

State = HandoverItem.State
RECEIVER = "receiver"


def thing_list(*, actor: User, step: CaseStep, group: str, label: str) -> HandoverItem:
    """Put a thing on the list.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError: each as it says.
        ThingError: the pack has no such kind of things.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    with transaction.atomic():
        case, asked, _made = open_step(step)
        if group not in {item.id for item in asked.step.items}:
            raise ThingError(item=label, reason=_("there is no such kind of things"))
        row = HandoverItem.objects.create(
            step=step,
            group=group,
            label=text_of(HandoverItem, "label", label, required=True),
            listed_by=actor,
            listed_at=clock().now(),
        )
        _write(LedgerTag.LIFECYCLE_HANDOVER_LISTED, actor, case, row)
    return row


def carriers_list(*, actor: User, step: CaseStep) -> list[HandoverItem]:
    """Put every carrier of the register that the person keeps or uses on the list, each once.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError: each as it says.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    with transaction.atomic():
        case, _asked, _made = open_step(step)
        known = set(step.things.filter(carrier__isnull=False).values_list("carrier", flat=True))
        rows = [
            HandoverItem(
                step=step,
                group="carriers",
                label=carrier.number or str(carrier.pk),
                carrier=carrier,
                listed_by=actor,
                listed_at=clock().now(),
            )
            for carrier in carriers_held(case.person)
            if carrier.pk not in known
        ]
        HandoverItem.objects.bulk_create(rows)
        if rows:
            record(
                LedgerTag.LIFECYCLE_HANDOVER_LISTED,
                actor=actor,
                subject=case.ledger_subject,
                detail={"carriers": [row.label for row in rows]},
            )
    return rows


def group_none(*, actor: User, step: CaseStep, group: str) -> HandoverItem:
    """Say that the person has nothing of a kind, which the receiver is to confirm as well.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError: each as it says.
        ThingError: something of the kind is on the list, or there is no such kind.
        PartyMissingError: no receiver is named, who must know of it.
    """
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    with transaction.atomic():
        case, asked, _made = open_step(step)
        _receiver(case)
        if group not in {item.id for item in asked.step.items} or step.things.filter(group=group).exists():
            raise ThingError(item=group, reason=_("something of this kind is on the list"))
        row = HandoverItem.objects.create(
            step=step,
            group=group,
            label="–",
            state=State.NONE,
            listed_by=actor,
            listed_at=clock().now(),
            handed_by=actor,
            handed_at=clock().now(),
        )
        _write(LedgerTag.LIFECYCLE_HANDOVER_LISTED, actor, case, row)
    return row


def thing_hand(*, actor: User, thing: HandoverItem) -> HandoverItem:
    """Hand a thing over to the named receiver, who is to confirm it.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError, PartyMissingError: each as it says.
        ThingError: it is not with the person any more, or the actor is the receiver.
    """
    step = thing.step
    gate.require(actor, Action.PERSON_STEP_RECORD, step_resource(step))
    with transaction.atomic():
        case, _asked, _made = open_step(step)
        row = HandoverItem.objects.select_for_update(no_key=True).get(pk=thing.pk)
        if row.state not in {State.LISTED, State.MISSING}:
            raise ThingError(item=row.label, reason=row.get_state_display())
        if _receiver(case) == who(actor):
            raise ThingError(item=row.label, reason=_("who receives it does not hand it over as well"))
        row.state, row.handed_by, row.handed_at = State.HANDED, actor, clock().now()
        row.save()
        _write(LedgerTag.LIFECYCLE_HANDOVER_HANDED, actor, case, row)
    return row


def thing_receive(*, actor: User, thing: HandoverItem, note: str = "") -> HandoverItem:
    """Confirm as the named receiver that a thing is there, or that there is none of its kind.

    Raises:
        NotPermittedError: the actor is not the receiver, or the things are their own.
        CaseOverError, StepDroppedError: it is too late.
        ThingError: nobody handed it over.
    """
    step = thing.step
    gate.require(actor, Action.PERSON_STEP_RECEIVE, step_resource(step))
    with transaction.atomic():
        case, _asked, _made = open_step(step)
        row = HandoverItem.objects.select_for_update(no_key=True).get(pk=thing.pk)
        waits = row.state in {State.HANDED, State.NONE} and row.received_at is None
        if not waits or row.handed_by_id == actor.pk:
            raise ThingError(item=row.label, reason=row.get_state_display())
        row.received_by, row.received_at = actor, clock().now()
        if row.state == State.HANDED:
            row.state = State.RECEIVED
        row.note = text_of(HandoverItem, "note", note)
        row.save()
        _settle(case, step, row.handed_by, row.group)
        _write(LedgerTag.LIFECYCLE_HANDOVER_RECEIVED, actor, case, row)
    return row


def thing_missing(*, actor: User, thing: HandoverItem, note: str) -> HandoverItem:
    """Say that a thing cannot be found: it keeps the step open, and the receiver may say so as well.

    Raises:
        NotPermittedError, CaseOverError, StepDroppedError: each as it says.
        ThingError: it has been received, or nothing is said about it.
    """
    step = thing.step
    action = Action.PERSON_STEP_RECORD
    if not gate.permits(actor, action, step_resource(step)):
        action = Action.PERSON_STEP_RECEIVE
    gate.require(actor, action, step_resource(step))
    with transaction.atomic():
        case, _asked, _made = open_step(step)
        row = HandoverItem.objects.select_for_update(no_key=True).get(pk=thing.pk)
        if row.state == State.RECEIVED or not note.strip():
            raise ThingError(item=row.label, reason=_("say what was done to find it"))
        row.state, row.note = State.MISSING, text_of(HandoverItem, "note", note)
        row.save()
        _write(LedgerTag.LIFECYCLE_HANDOVER_MISSING, actor, case, row)
    return row


def _settle(case: PersonCase, step: CaseStep, giver: User, group: str) -> None:
    """Record the kind of things if all of it has been received; part of a transaction."""
    things = list(step.things.filter(group=group))
    states = {thing.state for thing in things}
    done = standing_of(case).step(step.key).fulfilment.items_at
    if group in done or any(thing.received_at is None for thing in things) or State.MISSING in states:
        return
    answer = ItemState.NOT_HELD if states == {State.NONE} else ItemState.SETTLED
    row = record_keep(
        step,
        actor=giver,
        way=StepRecord.Way.HANDOVER,
        values={
            "happened_at": clock().now(),
            "by": [who(giver), _receiver(case)],
            "items": {group: {"state": answer.value, "at": None}},
        },
    )
    finish(case, row, LedgerTag.LIFECYCLE_RECORD_ADDED, giver)


def _receiver(case: PersonCase) -> str:
    """Return who the receiver is.

    Raises:
        PartyMissingError: nobody has been named.
    """
    person = case.parties.filter(party=RECEIVER).values_list("person", flat=True).first()
    if person is None:
        raise PartyMissingError(party=_("the receiver"))
    return str(person)


def _write(tag: Tag, actor: User, case: PersonCase, row: HandoverItem) -> None:
    record(
        tag,
        actor=actor,
        subject=case.ledger_subject,
        detail={
            "step": row.step.key,
            "item": str(row.pk),
            "group": row.group,
            "label": row.label,
            "note": row.note,
        },
    )
