"""Prepares agreements: drafts with facts, fields, chosen clauses and own wordings; withdraws and ends them.

Follows the guide: content derived from department, level, title and scope known.  What the law refuses is
shown in the draft and stops the offer; a company's own wording is kept beside the library's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.jurisdiction.agreements import FactValue, OwnChange, Party, library_form, library_sha256
from shoumi.engine.policy import Action
from shoumi.engine.workflow import AGREEMENT, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, LibraryVersion
from shoumi.server.agreements.queries import drafts
from shoumi.server.agreements.queries.coverage import known_with, recorded_of
from shoumi.server.agreements.queries.libraries import (
    ENGAGEMENTS,
    NON_COMPETE,
    company_values,
    library_for,
    library_of,
    values_of,
)
from shoumi.server.agreements.queries.visible import agreement_resource, new_resource
from shoumi.server.agreements.sealing import seal, unseal
from shoumi.server.agreements.services.coverage import needs_count
from shoumi.server.agreements.services.errors import DayError, OpenAgreementError, PartyError, StateError
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import persons, today_of
from shoumi.server.people.services.editing import locked, record, text_of

State = Agreement.State
OVER = {
    "withdraw": LedgerTag.AGREEMENTS_AGREEMENT_WITHDRAWN,
    "end": LedgerTag.AGREEMENTS_AGREEMENT_ENDED,
}
OPEN = (State.DRAFT, State.OFFERED, State.SIGNED)
OUTSIDE = {Party.PARTNER: "partner", Party.OUTSIDER: "visitor", Party.AUTHORITY: "authority"}


@dataclass(frozen=True, slots=True)
class Wish:
    """With whom an agreement of which kind is to be made."""

    entity: LegalEntity
    kind: str
    person: Person | None = None
    party_name: str = ""
    known: Mapping[str, FactValue] = field(default_factory=dict)  # beside what the register of persons tells
    values: Mapping[str, str] = field(default_factory=dict)  # likewise
    ends_on: date | None = None
    replaces: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed of a draft; what is None stays."""

    known: Mapping[str, FactValue | None] | None = None  # None for a fact: not recorded any more
    values: Mapping[str, str] | None = None  # empty: no value any more
    optional: Sequence[str] | None = None
    own: Mapping[str, OwnChange | None] | None = None  # None: the library's wording again


def library_keep(pack_id: str) -> LibraryVersion:
    """Return the row of a country's present library, made when this version is first seen."""
    library = library_for(pack_id)
    row, _made = LibraryVersion.objects.get_or_create(
        sha256=library_sha256(library),
        defaults={
            "pack": pack_id,
            "edition": library.edition,
            "form": library_form(library),
            "noticed_at": clock().now(),
        },
    )
    return row


def agreement_draft(*, actor: User, wish: Wish) -> Agreement:
    """Begin an agreement with what is known of the party.

    Raises:
        NotPermittedError: the actor does not prepare agreements with this party.
        UnknownAgreementError: the country's library has no such kind.
        PartyError: neither a person nor a name, or not what the kind asks for.
        OpenAgreementError: one of this kind waits for the person already.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, new_resource(wish.entity, wish.person, kind=wish.kind))
    with transaction.atomic():
        return draft_made(wish=wish, prepared_by=actor, actor=actor.ledger_actor)


def draft_made(*, wish: Wish, prepared_by: User | None, actor: str) -> Agreement:
    """Make a draft for a caller who has asked the gate; part of its transaction."""
    kind = library_of(wish.entity).kind(wish.kind)
    of_persons = kind.party in {Party.EMPLOYEE, Party.CONTRACTOR_WORKER}
    named = text_of(Agreement, "party_name", "" if wish.person else wish.party_name)
    if (
        kind.party is Party.WITNESSES
        or (of_persons and not (wish.person or named))
        or not (wish.person or named)
    ):
        raise PartyError(party=str(kind.party))
    if kind.party is Party.EMPLOYEE and wish.person is None:
        raise PartyError(party=str(kind.party))
    if wish.person and wish.person.entity_id != wish.entity.pk and kind.party is Party.EMPLOYEE:
        raise PartyError(party=str(kind.party))
    if wish.person and Agreement.objects.filter(person=wish.person, kind=kind.id, state__in=OPEN).exists():
        raise OpenAgreementError
    known, values = _told(wish, kind.party)
    row = Agreement.objects.create(
        entity=wish.entity,
        library=library_keep(wish.entity.pack),
        kind=kind.id,
        person=wish.person,
        party_name=named,
        known=known,
        inputs=seal({"values": values}),
        prepared_by=prepared_by,
        created_at=clock().now(),
        ends_on=_verified_end(wish.entity, wish.ends_on),
        replaces=wish.replaces,
    )
    append(
        LedgerTag.AGREEMENTS_AGREEMENT_DRAFTED,
        actor=actor,
        subject=row.ledger_subject,
        detail={"kind": row.kind, "party": row.person.ledger_subject if row.person else "other"},
    )
    return row


def agreement_change(
    *, actor: User, agreement: Agreement, expected_version: int, change: Change
) -> Agreement:
    """Change a draft; what is missing or refused then is told by `queries.drafts.examine`.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        StateError: it is no draft any more.
        InputError: a fact, field or clause is none of the library.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, agreement_resource(agreement))
    with transaction.atomic():
        row = draft_locked(agreement, expected_version)
        inputs = unseal(row.inputs)
        row.known = _merged(row.known, change.known)
        if change.values is not None:
            inputs["values"] = {
                name: text for name, text in {**inputs["values"], **change.values}.items() if text.strip()
            }
        if change.optional is not None:
            row.optional = list(change.optional)
        for clause, own in (change.own or {}).items():
            row.own_changes.pop(clause, None)
            if own is not None:
                row.own_changes[clause] = {"heading": own.heading, "text": own.text}
        inputs_change(row, inputs)
        drafts.examine(row)  # raises what cannot be
        changed = [
            name for name in ("known", "values", "optional", "own") if getattr(change, name) is not None
        ]
        record(
            LedgerTag.AGREEMENTS_AGREEMENT_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"parts": changed, "own_wordings": sorted(row.own_changes)},
        )
    return row


def inputs_change(row: Agreement, inputs: Mapping[str, JSONValue]) -> None:
    """Seal the inputs of a locked draft anew and save it."""
    seal(inputs, row.inputs)
    row.version += 1
    row.save()


def agreement_withdraw(*, actor: User, agreement: Agreement, expected_version: int, reason: str) -> Agreement:
    """Take back an agreement that is not in force.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError, TransitionRefusedError: each as it says.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, agreement_resource(agreement))
    return _over(actor, agreement, expected_version, reason, step="withdraw")


def agreement_end(*, actor: User, agreement: Agreement, expected_version: int, reason: str) -> Agreement:
    """End an agreement that is in force, for a reason.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError, TransitionRefusedError: each as it says.
    """
    gate.require(actor, Action.AGREEMENT_PREPARE, agreement_resource(agreement))
    return _over(actor, agreement, expected_version, reason, step="end")


def agreements_lapse() -> int:
    """End the agreements whose last day is over where their entity sits; return how many."""
    count = 0
    for key in Agreement.objects.filter(state=State.IN_FORCE, ends_on__isnull=False).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            row = locked(Agreement, key, None)
            if row.state != State.IN_FORCE or row.ends_on is None or row.ends_on >= today_of(row.entity):
                continue
            row.state, row.ended_at = advance(AGREEMENT, row.state, "lapse"), clock().now()
            row.version += 1
            row.save()
            counted(row)
            append(
                LedgerTag.AGREEMENTS_AGREEMENT_ENDED,
                actor="system:agreements",
                subject=row.ledger_subject,
                detail={"reason": "its last day is over"},
            )
            count += 1
    return count


def counted(row: Agreement) -> None:
    """Count anew what the person of an agreement needs, after a step; part of its transaction."""
    if row.person_id is not None:
        needs_count([row.person_id])


def draft_locked(agreement: Agreement, expected_version: int | None) -> Agreement:
    """Return the row of a draft, locked.

    Raises:
        StateError: it is no draft any more.
    """
    row = locked(Agreement, agreement.pk, expected_version)
    if row.state != State.DRAFT:
        raise StateError(state=str(State(row.state).label))
    return row


def _over(actor: User, agreement: Agreement, expected_version: int, reason: str, *, step: str) -> Agreement:
    with transaction.atomic():
        row = locked(Agreement, agreement.pk, expected_version)
        row.state = advance(AGREEMENT, row.state, step)
        row.reason = text_of(Agreement, "reason", reason, required=True)
        row.ended_at = clock().now()
        row.version += 1
        row.save()
        counted(row)
        record(OVER[step], actor=actor, subject=row.ledger_subject, detail={"reason": row.reason})
    return row


def _told(wish: Wish, party: Party) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the facts and values to begin with."""
    if wish.person is None:
        known: dict[str, Any] = {"engagement": OUTSIDE.get(party, "contractor_worker")}
        name = (
            "organisation"
            if party is Party.OUTSIDER
            else "authority"
            if party is Party.AUTHORITY
            else "partner"
        )
        field_name = "person" if party in {Party.OUTSIDER, Party.CONTRACTOR_WORKER} else name
        values = company_values(wish.entity) | {field_name: wish.party_name.strip()}
    else:
        person = persons().get(pk=wish.person.pk)
        bound = Agreement.objects.filter(person=person, kind=NON_COMPETE, state=State.IN_FORCE).exists()
        known = known_with(person, recorded_of(person.pk), non_compete_signed=bound)
        values = values_of(person)
        if not known and party is Party.CONTRACTOR_WORKER:
            known = {"engagement": ENGAGEMENTS["contractors_worker"]}
    return {**known, **wish.known}, {**values, **wish.values}


def _merged(known: Mapping[str, Any], change: Mapping[str, FactValue | None] | None) -> dict[str, Any]:
    merged = {**known, **(change or {})}
    return {name: value for name, value in merged.items() if value is not None}


def _verified_end(entity: LegalEntity, day: date | None) -> date | None:
    if day is not None and day <= today_of(entity):
        raise DayError(reason="the last day is not after today")
    return day
