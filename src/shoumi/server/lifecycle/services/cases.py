"""Opens cases of people, changes what is known of them, names their parties, closes them or calls them off.

Follows the guide 五(五): a case is filed with what it came from, and it is closed only when its end is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shoumi.engine.jurisdiction.procedures import Gate
from shoumi.engine.jurisdiction.procedures.values import PERSON, RECEIVER
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import KINDS, CaseParty, CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import case_resource
from shoumi.server.lifecycle.queries.packs import MAIN_DAYS, facts_asked, named, said, table_of
from shoumi.server.lifecycle.queries.standing_in import with_stand_ins
from shoumi.server.lifecycle.queries.standings import standing_of, waits_for
from shoumi.server.lifecycle.services.errors import (
    CaseKindError,
    CaseOpenAlreadyError,
    CaseOverError,
    DayMissingError,
    GateClosedError,
    OutsideWorkerError,
    PartyError,
    ReasonNeededError,
)
from shoumi.server.lifecycle.services.planning import holders, plan_keep, planned, same_as_kept
from shoumi.server.lifecycle.services.telling import tell
from shoumi.server.people.models import Engagement, EngagementKind, LegalEntity, Person
from shoumi.server.people.queries import person_resource, today_of
from shoumi.server.people.queries.addressing import verify_by_name
from shoumi.server.people.queries.places import standing as engagements_standing
from shoumi.server.people.services.editing import locked, record, text_of

Days = Mapping[str, date | datetime]
ELSEWHERE = (EngagementKind.CONTRACTORS_WORKER, EngagementKind.DISPATCHED_WORKER)
SOON = timedelta(days=30)  # what is due later is told when its time comes
case_planned = Signal()  # case: just opened or planned anew, in the same transaction
LEAVING, VANISHED = "leaving", "vanished"
TO_DO = gettext_noop("“%(step)s” in the case %(case)s is to be done by you.")
HAPPENED = gettext_noop("A step of a case waits for you.")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of a case when it is opened or changed."""

    facts: Mapping[str, str] = field(default_factory=dict)
    days: Days = field(default_factory=dict)


def case_open(
    *, actor: User, person: Person, kind: str, known: CaseFacts, follows: PersonCase | None = None
) -> PersonCase:
    """Open a case for a person, make its plan and tell whose the first steps are.

    Raises:
        NotPermittedError: the actor may not, or it would be their own case.
        CaseKindError, OutsideWorkerError: no such case is led for this person.
        DayMissingError: the day from which it counts is missing.
        CaseOpenAlreadyError: one of this kind is under way.
        RoleUnknownError, NobodyHoldsRoleError: a step would belong to nobody.
        InputError: facts or days that the pack refuses.
    """
    gate.require(actor, Action.PERSON_CASE_OPEN, person_resource(person))
    engagements = case_check(person, kind)
    department = engagements[0].department if engagements else None
    case = PersonCase(
        kind=kind,
        person=person,
        entity=person.entity,
        department=department,
        follows=follows,
        facts=_facts(person.entity, kind, known.facts, engagements),
        days=_days(known.days),
        main_day=_main_day(person.entity, kind, known),
        opened_by=actor,
        opened_at=clock().now(),
    )
    try:
        with transaction.atomic():
            case.number = _number(case)
            case.save()
            _usual_parties(case, actor)
            row = plan_keep(case, planned(case), actor=actor, reason="")
            record(
                LedgerTag.LIFECYCLE_CASE_OPENED,
                actor=actor,
                subject=case.ledger_subject,
                detail={
                    "person": person.ledger_subject,
                    "kind": kind,
                    "plan": row.plan_sha256,
                    "source": row.source_sha256,
                    "edition": row.pack_edition.isoformat(),
                },
            )
            case_planned.send(sender=PersonCase, case=case)
            tell_open_steps(case)
    except IntegrityError as error:
        raise CaseOpenAlreadyError from error
    return case


def case_check(person: Person, kind: str) -> list[Engagement]:
    """Return the engagements on which a case of `kind` would rest: before anybody fills in the rest of it.

    Raises:
        CaseKindError, OutsideWorkerError: no such case is led for this person.
        CaseOpenAlreadyError: one of this kind is under way.
    """
    if kind not in dict(KINDS):
        raise CaseKindError(kind=kind)
    engagements = engagements_standing(person.engagements.select_related("department__entity", "post"))
    if any(item.kind in ELSEWHERE for item in engagements):
        raise OutsideWorkerError
    if PersonCase.objects.filter(person=person, kind=kind, state=PersonCase.State.OPEN).exists():
        raise CaseOpenAlreadyError
    return engagements


def case_change(
    *, actor: User, case: PersonCase, known: CaseFacts, reason: str, expected_version: int
) -> PersonCase:
    """Change facts and days, and make the plan anew; the earlier plan stays filed.

    Raises:
        NotPermittedError, RecordChangedError, CaseOverError, ReasonNeededError: each as it says.
        DayMissingError, NobodyHoldsRoleError, InputError: as for `case_open`.
    """
    gate.require(actor, Action.PERSON_CASE_MANAGE, case_resource(case))
    if not reason.strip():
        raise ReasonNeededError
    with transaction.atomic():
        row = locked_open(case, expected_version)
        row.facts = _facts(row.entity, row.kind, known.facts, ())
        row.days = _days(known.days)
        row.main_day = _main_day(row.entity, row.kind, known)
        row.version += 1
        row.save()
        version = plan_keep(row, planned(row), actor=actor, reason=reason.strip())
        record(
            LedgerTag.LIFECYCLE_CASE_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"plan": version.plan_sha256, "reason": reason.strip()},
        )
        case_planned.send(sender=PersonCase, case=row)
        tell_open_steps(row)
    return row


def party_name(*, actor: User, case: PersonCase, party: str, person: Person) -> CaseParty:
    """Say who a party is.

    Raises:
        NotPermittedError, CaseOverError: each as it says.
        PartyError: the pack has no such party, or this person cannot be it.
    """
    gate.require(actor, Action.PERSON_CASE_MANAGE, case_resource(case))
    _verify_party(case, party, person)
    with transaction.atomic():
        row = locked_open(case, None)
        found, _made = CaseParty.objects.update_or_create(
            case=row,
            party=party,
            defaults={"person": person, "named_by": actor, "named_at": clock().now()},
        )
        _keep_if_other(row, actor)
        record(
            LedgerTag.LIFECYCLE_PARTY_NAMED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"party": party, "person": person.ledger_subject},
        )
    return found


def case_close(*, actor: User, case: PersonCase, outcome: str, expected_version: int) -> PersonCase:
    """Close a case whose end is open.

    Raises:
        NotPermittedError, RecordChangedError, CaseOverError: each as it says.
        GateClosedError: something is still missing; it is named.
    """
    gate.require(actor, Action.PERSON_CASE_MANAGE, case_resource(case))
    with transaction.atomic():
        row = locked_open(case, expected_version)
        gate_verify(row, Gate.END)
        _end(row, PersonCase.State.CLOSED, actor, outcome)
        record(LedgerTag.LIFECYCLE_CASE_CLOSED, actor=actor, subject=row.ledger_subject, detail={})
    return row


def case_cancel(*, actor: User, case: PersonCase, reason: str, expected_version: int) -> PersonCase:
    """Call a case off, because the person does not join, move or leave after all.

    Raises:
        NotPermittedError, RecordChangedError, CaseOverError, ReasonNeededError: each as it says.
    """
    gate.require(actor, Action.PERSON_CASE_MANAGE, case_resource(case))
    if not reason.strip():
        raise ReasonNeededError
    with transaction.atomic():
        row = locked_open(case, expected_version)
        _end(row, PersonCase.State.CANCELLED, actor, reason)
        record(
            LedgerTag.LIFECYCLE_CASE_CANCELLED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": reason.strip()},
        )
    return row


def gate_verify(case: PersonCase, wanted: Gate) -> None:
    """Return if a gate is open.

    Raises:
        GateClosedError: it is not; the steps that are missing are named.
    """
    found = standing_of(case)
    if not found.may(wanted):
        names = [said(found.step(row.key).planned.step.names) for row in waits_for(case, wanted, found)]
        raise GateClosedError(gate=named(table_of(case.entity).gates, wanted), missing="; ".join(names))


def locked_open(case: PersonCase, expected_version: int | None) -> PersonCase:
    """Return the case, locked, if it is under way.

    Raises:
        RecordUnknownError, RecordChangedError, CaseOverError: each as it says.
    """
    row = locked(PersonCase, case.pk, expected_version)
    if not row.is_open:
        raise CaseOverError
    return row


def tell_open_steps(case: PersonCase) -> None:
    """Tell those whose a step is, and who signs it, that it can be done now, once; part of a transaction."""
    now = clock().now()
    soon = Q(due_at__isnull=True) | Q(due_at__lte=now + SOON)
    steps = list(case.steps.filter(soon, state=CaseStep.State.OPEN, told_at__isnull=True))
    named = case.parties.select_related("person__user") if any(step.signers for step in steps) else ()
    accounts = {PERSON: case.person.user} | {row.party: row.person.user for row in named}
    for step in steps:
        users = with_stand_ins(case, [step.given_to] if step.given_to else owners_of(case, step))
        signers = [accounts.get(party) for party in step.signers.split("|")]
        tell([*users, *signers], TO_DO, step, mail_text=HAPPENED)
        step.told_at = now
        step.save(update_fields=["told_at"])


def owners_of(case: PersonCase, step: CaseStep) -> list[User]:
    """Return the users whose the step is by its role."""
    if step.role == Role.EMPLOYEE:
        return [case.person.user] if case.person.user else []
    return holders(case, step.role)


def _verify_party(case: PersonCase, party: str, person: Person) -> None:
    if party == PERSON or party not in table_of(case.entity).parties:
        raise PartyError(name=person.name, reason=_("there is no such party"))
    if person.pk == case.person_id:
        raise PartyError(name=person.name, reason=_("the case is about this person"))
    if party != "contractor":  # who answers for the other company is asked by name
        verify_by_name(person)
    others = {row.party: row.person_id for row in case.parties.all()}
    if party == RECEIVER and others.get("officer") == person.pk:
        raise PartyError(name=person.name, reason=_("receiver and secrecy officer are two persons"))
    if party == "officer" and others.get(RECEIVER) == person.pk:
        raise PartyError(name=person.name, reason=_("receiver and secrecy officer are two persons"))


def _usual_parties(case: PersonCase, actor: User) -> None:
    """Name those who are known without asking: the head of the department and a secrecy officer."""
    found: dict[str, Person] = {}
    if case.department and case.department.owner and case.department.owner_id != case.person_id:
        found["manager"] = case.department.owner
    officers = list(Person.objects.filter(user__in=holders(case, Role.SECRECY_OFFICER)).order_by("number"))
    if officers:
        found["officer"] = next((person for person in officers if person.user_id == actor.pk), officers[0])
    now = clock().now()
    CaseParty.objects.bulk_create(
        CaseParty(case=case, party=party, person=person, named_by=actor, named_at=now)
        for party, person in found.items()
    )


def _keep_if_other(case: PersonCase, actor: User) -> None:
    """Keep a new plan if the named parties make one."""
    made = planned(case)
    if not same_as_kept(case, made):
        plan_keep(case, made, actor=actor, reason="")


def _facts(entity: LegalEntity, kind: str, given: Mapping[str, str], engagements: object) -> dict[str, str]:
    """Return the facts with the level of the post, which is known, filled in."""
    facts = {name: value for name, value in given.items() if value}
    levels = [item.post.level_id or "none" for item in engagements or () if item.post]
    if "post_level" in facts_asked(entity, kind) and levels:
        facts.setdefault("post_level", levels[0])
    return facts


def _days(days: Days) -> dict[str, str]:
    return {name: value.isoformat() for name, value in days.items() if value}


def _main_day(entity: LegalEntity, kind: str, known: CaseFacts) -> date | None:
    """Return the day for lists; a vanished person has none, and a leaver may not know the last day yet.

    Raises:
        DayMissingError: nothing says from when the case counts.
    """
    name = MAIN_DAYS[kind]
    needed = "found_day" if known.facts.get("reason") == VANISHED else name
    if kind == LEAVING and needed == name and known.days.get("notice_day"):
        needed = "notice_day"
    if not known.days.get(needed):
        raise DayMissingError(day=said(table_of(entity).days[needed].names))
    value = known.days.get(name)
    return value.date() if isinstance(value, datetime) else value


def _number(case: PersonCase) -> str:
    """Return the next number of the entity's cases in this year; the entity's row is locked."""
    LegalEntity.objects.select_for_update(no_key=True).get(pk=case.entity_id)
    start = f"{case.entity.code}-P-{today_of(case.entity).year}-"
    newest = PersonCase.objects.filter(number__startswith=start).order_by("-number").first()
    after = int(newest.number.removeprefix(start)) if newest else 0
    return f"{start}{after + 1:05d}"


def _end(row: PersonCase, state: PersonCase.State, actor: User, words: str) -> None:
    row.state, row.closed_by, row.closed_at = state, actor, clock().now()
    row.outcome = text_of(PersonCase, "outcome", words)
    row.version += 1
    row.save()
