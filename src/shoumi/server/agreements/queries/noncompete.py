"""Non-competition as the packs compute it: what speaks against a proposal, schedule, arrears, dues.

Every figure comes from `engine.jurisdiction.noncompete` with its rule, citation and status.  Opens sealed
sums for callers who have asked the gate; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction import Texts, parse_period
from shoumi.engine.jurisdiction.agreements import FactValue
from shoumi.engine.jurisdiction.noncompete import (
    Arrears,
    BreachDues,
    Check,
    GroupCheck,
    Instalment,
    Law,
    Matching,
    Objection,
    Payment,
    Person,
    Release,
    Schedule,
    arrears,
    breach,
    check_agreement,
    check_group,
    law_on,
    load_non_compete,
    make_schedule,
    match,
    release,
)
from shoumi.engine.policy import COMPANY, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement, NonCompete
from shoumi.server.agreements.queries.drafts import facts_from, inputs_of
from shoumi.server.agreements.queries.libraries import NON_COMPETE, library_of, said
from shoumi.server.agreements.queries.texts import BasisShown, basis_shown
from shoumi.server.agreements.sealing import unseal
from shoumi.server.people.models import Person as PersonRow
from shoumi.server.people.queries import today_of
from shoumi.server.people.queries.listing import persons_within, scopes_of

READERS = frozenset({Role.HR, Role.LEGAL, Role.SECRECY_OFFICER, Role.LEADER, Role.AUDITOR})
CLASS_OF_ROLE = {  # fact `role` → class of persons, by country
    "cn": {"manager": "senior_manager", "technical": "senior_technical"},
    "jp": {"manager": "officer", "technical": "technical"},
}
BOUND, OTHER = "bound_to_secrecy", "other"


@dataclass(frozen=True, slots=True)
class ObjectionShown:
    """What speaks against a proposal, with its rule."""

    words: str
    verdict: str
    basis: BasisShown
    notes: tuple[str, ...]
    override: str  # why somebody let it pass; empty: nobody did


@dataclass(frozen=True, slots=True)
class Standing:
    """How non-competition under way stands on a day."""

    law: Law
    schedule: Schedule
    matching: Matching
    arrears: Arrears

    def rows(self) -> list[tuple[Instalment, Decimal]]:
        """Return each instalment with what is still to be paid of it."""
        return [(each, self.matching.unpaid(each)) for each in self.schedule.instalments]


def class_choices(pack_id: str) -> list[tuple[str, str]]:
    """Return the classes of persons of a country with their names."""
    return [(each.id, said(each.names)) for each in load_non_compete(pack_id).classes]


def checked(agreement: Agreement) -> Check | None:
    """Return what the law says about a draft's proposal today, None before there is one.

    Raises:
        InputError: the proposal is none, as `noncompete.check_agreement` says.
    """
    facts = facts_from(library_of(agreement.entity), agreement.known, inputs_of(agreement))
    if facts.non_compete is None:
        return None
    law = law_on(agreement.entity.pack, today_of(agreement.entity))
    return check_agreement(law, facts.non_compete, facts.overrides)


def objections_shown(objections: Iterable[Objection]) -> list[ObjectionShown]:
    """Return objections in the reader's language."""
    return [
        ObjectionShown(
            said(each.text),
            str(each.verdict),
            basis_shown(each.basis),
            tuple(said(note) for note in each.notes),
            each.override.reason if each.override else "",
        )
        for each in objections
    ]


def said_all(texts: Iterable[Texts]) -> list[str]:
    """Return texts in the reader's language, each once."""
    return list(dict.fromkeys(said(each) for each in texts))


def class_of(person: PersonRow, known: dict[str, FactValue]) -> Person:
    """Return a person for the check of a group, by the facts that are recorded."""
    role, level = known.get("role"), known.get("level", 0)
    found = CLASS_OF_ROLE[person.entity.pack].get(str(role))
    knew = known.get("knows_secrets")
    bound = BOUND if isinstance(level, int) and level else OTHER
    return Person(found or bound, knew if isinstance(knew, bool) else None)


def group_checked(pack_id: str, people: dict[str, Person], day: date) -> GroupCheck:
    """Return what speaks against having all of `people` sign."""
    return check_group(law_on(pack_id, day), people, day)


def payments_of(row: NonCompete) -> list[Payment]:
    """Return the payments, opened."""
    found = row.payments.select_related("amount__key")
    return [Payment(each.day, Decimal(unseal(each.amount)["amount"]), each.reference) for each in found]


def schedule_of(row: NonCompete) -> Schedule:
    """Return the schedule as it was fixed when non-competition began."""
    sums = unseal(row.sums)
    digits = load_non_compete(row.agreement.entity.pack).digits
    return make_schedule(
        row.service_ends,
        parse_period(sums["term"]),
        Decimal(sums["monthly"]),
        digits=digits,
        due_day=row.due_day,
    )


def standing(row: NonCompete, day: date | None = None, payments: Sequence[Payment] | None = None) -> Standing:
    """Return how it stands at the end of `day`, today without one."""
    day = day or today_of(row.agreement.entity)
    law, schedule = law_on(row.agreement.entity.pack, day), schedule_of(row)
    paid = payments_of(row) if payments is None else payments
    behind = arrears(law, schedule, paid, day, employers_fault=row.employers_fault)
    return Standing(law, schedule, match(schedule, paid), behind)


def release_dues(row: NonCompete, day: date) -> Release:
    """Return what is due when the employer releases at the end of `day`.

    Raises:
        TermOverError: the term is over.
    """
    return release(law_on(row.agreement.entity.pack, day), schedule_of(row), payments_of(row), day)


def breach_dues(row: NonCompete, since: date) -> BreachDues:
    """Return what the rules let the company ask for on a breach since a day.

    Raises:
        TermOverError: the term was over before.
    """
    day = today_of(row.agreement.entity)
    penalty = unseal(row.sums).get("penalty")
    law = law_on(row.agreement.entity.pack, day)
    return breach(
        law,
        schedule_of(row),
        payments_of(row),
        since=since,
        day=day,
        penalty=Decimal(penalty) if penalty else None,
    )


def non_competes_visible_to(user: User) -> QuerySet[NonCompete]:
    """Return the non-competition of which `user` may know; sums are another question."""
    subject = gate.subject_of(user)
    scopes = scopes_of(user, READERS)
    found = persons_within(scopes, "agreement__person")
    if subject.person and subject.active:
        found |= Q(agreement__person=subject.person)
    return non_competes().filter(found)


def non_competes() -> QuerySet[NonCompete]:
    """Return all non-competition with what lists and places need."""
    return NonCompete.objects.select_related("agreement__person__entity", "agreement__entity", "sums__key")


def not_begun(user: User) -> QuerySet[Agreement]:
    """Return the agreements on non-competition in force whose term has neither begun nor been waived."""
    scopes = scopes_of(user, READERS)
    within = persons_within(scopes, "person")
    rows = Agreement.objects.filter(
        kind=NON_COMPETE, state=Agreement.State.IN_FORCE, non_compete__isnull=True
    )
    return rows.filter(within).select_related("person__entity", "entity")


def paying_scope(user: User) -> Resource:
    """Return a place in which `user` may bring in payments, the company where there is none."""
    scope = min(scopes_of(user, [Role.HR]), default=COMPANY)
    return resources.unit(scope)
