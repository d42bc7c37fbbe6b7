"""Checks an agreement on non-competition, and a whole group that is to sign, against the rules of a day.

Source: the country's rules through `law`.  Every objection carries its rule, its status and its figures.
What cannot be checked is said, never passed over.  An override lets an objection pass where the pack allows
it and stays in the result.  No conclusion of law is drawn: a person reads and decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.noncompete.floors import Floor, floors_of
from shoumi.engine.jurisdiction.noncompete.law import Law, filled
from shoumi.engine.jurisdiction.noncompete.money import AmountError, amount, share_of_average
from shoumi.engine.jurisdiction.noncompete.schedule import Schedule, end_of_term, make_schedule
from shoumi.engine.jurisdiction.noncompete.values import (
    Agreement,
    Objection,
    Override,
    Part,
    Person,
    Verdict,
)
from shoumi.engine.jurisdiction.periods import Period, PeriodKind
from shoumi.engine.jurisdiction.values import Texts

_ASSUMED: Final = Texts(
    zh="离职日期未知，按 {day} 离职试算。",
    ja="退職日が未定のため、{day} に退職するものとして試算しました。",
    en="The last day of service is not known; it was computed as if it were {day}.",
)
_NO_TOTAL: Final = Texts(
    zh="补偿总额未知，未核对违约金上限。",
    ja="補償の総額が分からないため、違約金の上限を確認していません。",
    en="The total compensation is not known; the ceiling of the penalty was not checked.",
)


class TwoCompensationsError(InputError):
    """A compensation is an amount or a share, not both."""

    code = "jurisdiction.non_compete_compensation"
    message = "Compensation is agreed as an amount or as a share of the average wage, not as both."


class OverrideError(InputError):
    """An override needs a reason, and a part that may be overridden."""

    code = "jurisdiction.non_compete_override"
    message = "“{part}” cannot be overridden like this; a reason is needed, and of these one: {allowed}."


@dataclass(frozen=True, slots=True)
class Check:
    """What was found about an agreement."""

    objections: tuple[Objection, ...]  # overridden ones too
    end: date  # the last day of the term
    latest_end: date | None  # the last day the law allows; None: no limit is recorded
    monthly: Decimal | None  # the compensation that was checked; None: not known yet
    floors: tuple[Floor, ...]
    schedule: Schedule | None
    penalty_ceiling: Decimal | None
    notes: tuple[Texts, ...]  # what was assumed or could not be checked
    missing: Mapping[Part, Texts]  # the parts for which there is no rule on that day

    @property
    def refused(self) -> tuple[Objection, ...]:
        """The refusals that nobody overrode."""
        return tuple(
            each for each in self.objections if each.verdict is Verdict.REFUSED and not each.override
        )

    @property
    def warned(self) -> tuple[Objection, ...]:
        """The warnings that nobody overrode."""
        return tuple(each for each in self.objections if each.verdict is Verdict.WARNED and not each.override)

    @property
    def overridden(self) -> tuple[Objection, ...]:
        """What passes only because somebody said so."""
        return tuple(each for each in self.objections if each.override)


@dataclass(frozen=True, slots=True)
class GroupCheck:
    """What was found about a group of persons who are all to sign."""

    objections: tuple[Objection, ...]  # to the signing as a whole
    persons: Mapping[str, tuple[Objection, ...]]  # to each of them; empty: may be bound


def check_agreement(law: Law, agreement: Agreement, overrides: Sequence[Override] = ()) -> Check:
    """Return what speaks against an agreement by the rules of the law's day.

    Raises:
        UnknownPersonClassError: the country has no such class of persons.
        TermError: the term has no end after service.
        AmountError: a sum is no amount of money.
        TwoCompensationsError: both an amount and a share are agreed.
        OverrideError: an override without a reason, or of what may not be overridden.
    """
    allowed = _allowed(law, overrides)
    leaves = agreement.service_ends or law.day
    end = end_of_term(leaves, agreement.term)
    notes = [] if agreement.service_ends else [filled(_ASSUMED, {"day": leaves})]
    latest, objections = _term(law, leaves, end)
    objections = (*_person(law, agreement.person, agreement.signed), *_named(law, agreement), *objections)
    floors = floors_of(
        law,
        service_ends=leaves,
        term=agreement.term,
        wages=agreement.wages,
        minimum_wage=agreement.minimum_wage,
    )
    notes += [note for floor in floors for note in floor.notes]
    monthly = _monthly(law, agreement, floors)
    if agreement.monthly is None and agreement.percent is None:
        objections += law.objection(Part.AGREED)
    objections += tuple(each for floor in floors for each in _below(law, floor, agreement.percent, monthly))
    digits = law.table.digits
    schedule = make_schedule(leaves, agreement.term, monthly, digits=digits) if monthly is not None else None
    ceiling, penalties = check_penalty(law, agreement.penalty, schedule)
    if agreement.penalty is not None and Part.PENALTY_CEILING in law.held and schedule is None:
        notes.append(_NO_TOTAL)
    told = tuple(replace(each, override=allowed.get(each.part)) for each in (*objections, *penalties))
    missing = law.missing
    return Check(told, end, latest, monthly, floors, schedule, ceiling, tuple(dict.fromkeys(notes)), missing)


def check_group(law: Law, persons: Mapping[str, Person], signed: date) -> GroupCheck:
    """Return what speaks against having all of `persons` (name → facts) sign on the day `signed`.

    Having everybody sign is objected to as soon as one of them may not be bound.

    Raises:
        UnknownPersonClassError: the country has no such class of persons.
    """
    each = {name: _person(law, person, signed) for name, person in persons.items()}
    unfit = sum(any(found.part in {Part.PERSONS, Part.SECRETS} for found in all_) for all_ in each.values())
    blanket = law.objection(Part.BLANKET, unfit=unfit, persons=len(persons)) if unfit else ()
    return GroupCheck(blanket, MappingProxyType(each))


def check_penalty(
    law: Law, penalty: Decimal | None, schedule: Schedule | None
) -> tuple[Decimal | None, tuple[Objection, ...]]:
    """Return the ceiling of a penalty, None where there is none or no total, and what speaks against it.

    Raises:
        AmountError: the penalty is no amount of money.
    """
    held = law.held.get(Part.PENALTY_CEILING)
    ceiling = schedule.total * held.numbers["multiple"] if held and schedule else None
    if penalty is None:
        return ceiling, ()
    sum_ = amount(penalty, law.table.digits)
    objections = law.objection(Part.NO_PENALTY, penalty=sum_)
    if ceiling is not None and schedule and sum_ > ceiling:
        total = schedule.total
        objections += law.objection(Part.PENALTY_CEILING, penalty=sum_, ceiling=ceiling, total=total)
    return ceiling, objections


def _allowed(law: Law, overrides: Sequence[Override]) -> dict[Part, Override]:
    open_parts = [part for part, rule in law.table.parts.items() if rule.overridable]
    for override in overrides:
        if override.part not in open_parts or not override.reason.strip():
            raise OverrideError(part=str(override.part), allowed=", ".join(open_parts))
    return {override.part: override for override in overrides}


def _person(law: Law, person: Person, signed: date) -> tuple[Objection, ...]:
    found = law.class_of(person.class_id)
    objections: tuple[Objection, ...] = ()
    if not found.bindable:
        objections += law.objection(Part.PERSONS, person_class=found.names)
    if person.knew_secrets is False:
        objections += law.objection(Part.SECRETS)
    elif person.knew_secrets is None:
        objections += law.objection(Part.SECRETS_UNRECORDED)
    in_time = all(told and told <= signed for told in (person.reasons_told, person.secrets_told))
    if found.must_be_told and not in_time:
        objections += law.objection(Part.TOLD, person_class=found.names, signed=signed)
    return objections


def _named(law: Law, agreement: Agreement) -> tuple[Objection, ...]:
    scope = () if agreement.scope.strip() else law.objection(Part.SCOPE)
    territory = () if agreement.territory.strip() else law.objection(Part.TERRITORY)
    return scope + territory


def _term(law: Law, leaves: date, end: date) -> tuple[date | None, tuple[Objection, ...]]:
    held = law.held.get(Part.TERM)
    if held is None:
        return None, ()
    latest = end_of_term(leaves, Period(PeriodKind.SPAN, months=held.numbers["months"]))
    return latest, law.objection(Part.TERM, end=end, latest=latest) if end > latest else ()


def _monthly(law: Law, agreement: Agreement, floors: tuple[Floor, ...]) -> Decimal | None:
    """Return the compensation for a month: the agreed one, or where none is agreed what the law puts in."""
    digits = law.table.digits
    if agreement.monthly is not None and agreement.percent is not None:
        raise TwoCompensationsError
    if agreement.monthly is not None:
        return amount(agreement.monthly, digits)
    share = next((floor for floor in floors if floor.part is Part.SHARE), None)
    if agreement.percent is None:
        return share.amount if share and share.months_averaged else None
    if not agreement.percent.is_finite() or agreement.percent < 0:
        raise AmountError(value=str(agreement.percent))
    if share is None or not share.months_averaged:
        return None
    counted = [amount(wage, digits) for wage in agreement.wages[-share.months_averaged :]]
    return share_of_average(counted, agreement.percent, digits)


def _below(law: Law, floor: Floor, percent: Decimal | None, monthly: Decimal | None) -> tuple[Objection, ...]:
    """Return the objection to compensation below a floor; a share is compared where no sum is known."""
    if monthly is not None and floor.amount is not None and monthly < floor.amount:
        return law.objection(floor.part, floor=floor.amount, monthly=monthly)
    if monthly is None and percent is not None and percent < floor.percent:
        share = f"{floor.percent} %"
        return law.objection(floor.part, floor=share, monthly=f"{percent.normalize():f} %")
    return ()
