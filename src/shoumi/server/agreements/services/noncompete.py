"""The non-compete desk: proposals with the law's check, groups, beginning, waiver, release, breaches.

What the law refuses is never signed: the offer of the agreement asks the same check again.  Sums and wages
are sealed; the ledger names parts and days, no amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from shoumi.engine.jurisdiction import parse_period
from shoumi.engine.jurisdiction.noncompete import Part, Person, check_agreement, end_of_term, law_on, release
from shoumi.engine.policy import Action
from shoumi.engine.workflow import AGREEMENT, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, Breach, NonCompete
from shoumi.server.agreements.queries import noncompete as queries
from shoumi.server.agreements.queries.coverage import known_with, recorded_of
from shoumi.server.agreements.queries.drafts import proposal_from
from shoumi.server.agreements.queries.libraries import NON_COMPETE
from shoumi.server.agreements.queries.visible import agreement_resource, new_resource
from shoumi.server.agreements.sealing import seal, unseal
from shoumi.server.agreements.services.drafting import Wish, counted, draft_locked, draft_made, inputs_change
from shoumi.server.agreements.services.errors import BlanketSigningError, DayError, NoAmountError, StateError
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.models import Person as PersonRow
from shoumi.server.people.queries import persons, today_of
from shoumi.server.people.services.editing import locked, record, text_of

State = Agreement.State


@dataclass(frozen=True, slots=True)
class Beginning:
    """From when non-competition runs, and when it is paid."""

    service_ends: date
    due_day: int = 15


def proposal_change(
    *,
    actor: User,
    agreement: Agreement,
    expected_version: int,
    values: Mapping[str, Any],
    overrides: Mapping[str, str] | None = None,
) -> Agreement:
    """Change what is proposed in a draft; the law's check is told by `queries.noncompete.checked`.

    `values` are those of `drafts.proposal_from`, None for one that is taken out.

    Raises:
        NotPermittedError, RecordChangedError, StateError: each as it says.
        InputError: the proposal is none, or an override is not allowed.
    """
    gate.require(actor, Action.NON_COMPETE_CALCULATE, agreement_resource(agreement))
    with transaction.atomic():
        row = draft_locked(agreement, expected_version)
        if row.kind != NON_COMPETE:
            raise StateError(state=row.kind)
        inputs = unseal(row.inputs)
        told = {**inputs.get("non_compete", {}), **values, "signed": today_of(row.entity).isoformat()}
        inputs["non_compete"] = {name: value for name, value in told.items() if value not in (None, "", [])}
        if overrides is not None:
            inputs["overrides"] = dict(overrides)
        inputs_change(row, inputs)
        found = queries.checked(row)
        record(
            LedgerTag.AGREEMENTS_NON_COMPETE_CHECKED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "refused": [str(each.part) for each in found.refused] if found else [],
                "warned": [str(each.part) for each in found.warned] if found else [],
                "overridden": [str(each.part) for each in found.overridden] if found else [],
            },
        )
    return row


def group_draft(*, actor: User, entity: LegalEntity, people: Sequence[PersonRow]) -> list[Agreement]:
    """Begin agreements for a group, unless one of them may not be bound: then for nobody.

    Raises:
        NotPermittedError: the actor may not for one of them.
        BlanketSigningError: the law objects; every reason is told with its rule.
        OpenAgreementError: one of them has one that waits.
    """
    for person in people:
        gate.require(actor, Action.NON_COMPETE_CALCULATE, new_resource(entity, person, kind=NON_COMPETE))
    found = queries.group_checked(entity.pack, group_of(people), today_of(entity))
    refused = [each for each in found.objections if each.verdict == "refused"]
    refused += [each for rows in found.persons.values() for each in rows if each.verdict == "refused"]
    if refused:
        with transaction.atomic():
            append(
                LedgerTag.AGREEMENTS_GROUP_REFUSED,
                actor=actor.ledger_actor,
                subject=entity.ledger_subject,
                detail={"persons": len(people), "parts": sorted({str(each.part) for each in refused})},
            )
        raise BlanketSigningError(
            reasons=" ".join(dict.fromkeys(f"{each.text.en} ({each.basis.cite})" for each in refused))
        )
    with transaction.atomic():
        wishes = [Wish(entity=entity, kind=NON_COMPETE, person=person) for person in people]
        return [draft_made(wish=wish, prepared_by=actor, actor=actor.ledger_actor) for wish in wishes]


def group_of(people: Sequence[PersonRow]) -> dict[str, Person]:
    """Return persons for the check of a group, by what is recorded of them."""
    rows = {row.pk: row for row in persons().filter(pk__in=[each.pk for each in people])}
    return {
        each.name: queries.class_of(
            rows[each.pk],
            known_with(rows[each.pk], recorded_of(each.pk), non_compete_signed=False),
        )
        for each in people
    }


def non_compete_begin(*, actor: User, agreement: Agreement, beginning: Beginning) -> NonCompete:
    """Let non-competition run from the day after service has ended.

    Raises:
        NotPermittedError: the actor does not decide on it.
        StateError: the agreement is not in force, or it was begun or waived before.
        NoAmountError: no compensation follows from what is agreed and the wages that are recorded.
        DueDayError, TermError: the day of payment or the term is none.
    """
    gate.require(actor, Action.NON_COMPETE_END, agreement_resource(agreement))
    with transaction.atomic():
        row = _undecided(agreement)
        told = {
            **unseal(row.inputs).get("non_compete", {}),
            "service_ends": beginning.service_ends.isoformat(),
        }
        proposal = proposal_from(told)
        found = check_agreement(law_on(row.entity.pack, today_of(row.entity)), proposal)
        if found.monthly is None:
            raise NoAmountError
        sums = {"monthly": str(found.monthly), "term": told["term"], "penalty": told.get("penalty", "")}
        made = NonCompete(
            agreement=row,
            service_ends=beginning.service_ends,
            ends_on=found.end,
            due_day=beginning.due_day,
            sums=seal(sums),
            decided_by=actor,
            decided_at=clock().now(),
        )
        queries.schedule_of(made)  # refuses what is no schedule
        made.save(force_insert=True)
        record(
            LedgerTag.AGREEMENTS_NON_COMPETE_BEGUN,
            actor=actor,
            subject=made.ledger_subject,
            detail={"service_ends": made.service_ends.isoformat(), "ends_on": made.ends_on.isoformat()},
        )
    return made


def non_compete_waive(*, actor: User, agreement: Agreement, service_ends: date, reason: str) -> NonCompete:
    """Decide at the end of service that non-competition is not used; the agreement ends.

    Raises:
        NotPermittedError, StateError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.NON_COMPETE_END, agreement_resource(agreement))
    with transaction.atomic():
        row = _undecided(agreement)
        told = unseal(row.inputs).get("non_compete", {})
        made = NonCompete.objects.create(
            agreement=row,
            state=NonCompete.State.WAIVED,
            service_ends=service_ends,
            ends_on=end_of_term(service_ends, parse_period(told["term"])),
            decided_by=actor,
            decided_at=clock().now(),
            reason=text_of(NonCompete, "reason", reason, required=True),
        )
        _end(row, made.reason)
        record(
            LedgerTag.AGREEMENTS_NON_COMPETE_WAIVED,
            actor=actor,
            subject=made.ledger_subject,
            detail={"reason": made.reason},
        )
    return made


def non_compete_release(
    *, actor: User, row: NonCompete, expected_version: int, day: date, reason: str
) -> NonCompete:
    """Release the person at the end of `day`; what is due then is kept, sealed.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError: each as it says.
        StateError: it is not under way.
        DayError: the day is before today.
        TermOverError: the term is over.
    """
    gate.require(actor, Action.NON_COMPETE_END, agreement_resource(row.agreement))
    with transaction.atomic():
        held = _active(row, expected_version)
        if day < today_of(held.agreement.entity):
            raise DayError(reason="the day is before today")
        dues = release(
            law_on(held.agreement.entity.pack, day),
            queries.schedule_of(held),
            queries.payments_of(held),
            day,
        )
        seal({**unseal(held.sums), "release_due": str(dues.due)}, held.sums)
        held.state, held.released_on = NonCompete.State.RELEASED, day
        held.reason = text_of(NonCompete, "reason", reason, required=True)
        held.version += 1
        held.save()
        _end(held.agreement, held.reason)
        record(
            LedgerTag.AGREEMENTS_NON_COMPETE_RELEASED,
            actor=actor,
            subject=held.ledger_subject,
            detail={"day": day.isoformat(), "extra_months": dues.extra_months, "reason": held.reason},
        )
    return held


def fault_record(*, actor: User, row: NonCompete, expected_version: int, fault: bool | None) -> NonCompete:
    """Record whose fault the arrears are; None takes it back.

    Raises:
        NotPermittedError, RecordChangedError, StateError: each as it says.
    """
    gate.require(actor, Action.NON_COMPETE_END, agreement_resource(row.agreement))
    with transaction.atomic():
        held = _active(row, expected_version)
        held.employers_fault = fault
        held.version += 1
        held.save()
        record(
            LedgerTag.AGREEMENTS_ARREARS_EXPLAINED,
            actor=actor,
            subject=held.ledger_subject,
            detail={"employers_fault": "" if fault is None else str(fault).lower()},
        )
    return held


def breach_record(
    *, actor: User, row: NonCompete, since: date, seen: str, files: Sequence[StoredFile]
) -> Breach:
    """Record what was seen of a breach, with its papers.

    Raises:
        NotPermittedError, FieldMissingError: each as it says.
        DayError: the day lies before the term or after today.
    """
    gate.require(actor, Action.NON_COMPETE_END, agreement_resource(row.agreement))
    if not row.service_ends < since <= today_of(row.agreement.entity):
        raise DayError(reason="it lies before the term or after today")
    with transaction.atomic():
        made = Breach.objects.create(
            non_compete=row,
            since=since,
            seen=text_of(Breach, "seen", seen, required=True),
            recorded_by=actor,
            recorded_at=clock().now(),
        )
        made.files.set(files)
        record(
            LedgerTag.AGREEMENTS_BREACH_RECORDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "since": since.isoformat(),
                "breach": str(made.pk),
                "files": [each.sha256 for each in files],
            },
        )
    return made


def overridable(pack_id: str) -> list[Part]:
    """Return the parts that the pack lets somebody override with a reason."""
    table = law_on(pack_id, clock().now().date()).table
    return [part for part, rule in table.parts.items() if rule.overridable]


def _undecided(agreement: Agreement) -> Agreement:
    row = locked(Agreement, agreement.pk, None)
    begun = NonCompete.objects.filter(pk=row.pk).exists()
    if row.kind != NON_COMPETE or row.state != State.IN_FORCE or begun:
        raise StateError(state=str(State(row.state).label))
    return row


def _active(row: NonCompete, expected_version: int) -> NonCompete:
    held = locked(NonCompete, row.pk, expected_version)
    if held.state != NonCompete.State.ACTIVE:
        raise StateError(state=str(NonCompete.State(held.state).label))
    return held


def _end(row: Agreement, reason: str) -> None:
    row.state, row.ended_at, row.reason = advance(AGREEMENT, row.state, "end"), clock().now(), reason
    row.version += 1
    row.save()
    counted(row)
