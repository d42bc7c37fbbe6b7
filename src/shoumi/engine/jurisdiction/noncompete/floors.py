"""The floors of monthly compensation: shares of the average wage, and the local minimum wage.

Source: the country's rules, read by date.  The average is that of the months the rule names before service
ended, of fewer where the person served fewer.  The minimum wage is the caller's: it is set by place and year.
Whether an agreement reaches the floors is `checking`'s task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from shoumi.engine.jurisdiction.basis import Basis
from shoumi.engine.jurisdiction.noncompete.law import Held, Law, filled
from shoumi.engine.jurisdiction.noncompete.money import amount, share_of_average
from shoumi.engine.jurisdiction.noncompete.schedule import end_of_term
from shoumi.engine.jurisdiction.noncompete.values import FLOORS, Part
from shoumi.engine.jurisdiction.periods import Period, PeriodKind
from shoumi.engine.jurisdiction.values import Texts

NO_WAGES: Final = Texts(
    zh="未记录工资，无法按平均工资核对补偿下限。",
    ja="賃金が記録されていないため、平均賃金による下限を確認できません。",
    en="No wages are recorded; the floor by the average wage was not checked.",
)
NO_MINIMUM: Final = Texts(
    zh="未给出当地最低工资标准，未据此核对。",
    ja="地域の最低賃金が示されていないため、それによる確認はしていません。",
    en="No local minimum wage was given; nothing was checked against it.",
)
_SHORT: Final = Texts(
    zh="工作不满 {months} 个月，按实际 {served} 个月的平均工资计算。",
    ja="勤続が {months} か月に満たないため、{served} か月の平均で計算しました。",
    en="Service was shorter than {months} months; the average is that of {served}.",
)


@dataclass(frozen=True, slots=True)
class Floor:
    """The least compensation for a month, by one rule."""

    part: Part
    basis: Basis
    percent: int
    months_averaged: int  # 0: no wages are recorded
    amount: Decimal | None  # None: neither wages nor a minimum wage are known
    is_minimum_wage: bool  # the amount is the minimum wage, which is above the share
    notes: tuple[Texts, ...]


def floors_of(
    law: Law,
    *,
    service_ends: date,
    term: Period,
    wages: Sequence[Decimal],
    minimum_wage: Decimal | None,
) -> tuple[Floor, ...]:
    """Return the floors that hold for the term, one for each rule; none where no rule is recorded.

    `wages` are those of whole months, the newest last; more than the rule averages are left out.

    Raises:
        AmountError: a wage or the minimum wage is no amount of money.
        TermError: the term has no end after service.
    """
    digits = law.table.digits
    earned = tuple(amount(wage, digits) for wage in wages)
    minimum = None if minimum_wage is None else amount(minimum_wage, digits)
    end = end_of_term(service_ends, term)
    return tuple(
        _floor(law, held, earned, minimum if part is Part.SHARE else None)
        for part in FLOORS
        if (held := law.held.get(part)) and _holds(held, service_ends, end)
    )


def _holds(held: Held, service_ends: date, end: date) -> bool:
    """Return whether the term is long enough for a floor that is for long terms."""
    limit = held.numbers.get("longer_than")
    return limit is None or end > end_of_term(service_ends, Period(PeriodKind.SPAN, months=limit))


def _floor(law: Law, held: Held, wages: Sequence[Decimal], minimum: Decimal | None) -> Floor:
    percent, months = held.numbers["percent"], held.numbers["months"]
    counted = wages[-months:]
    share = share_of_average(counted, percent, law.table.digits) if counted else None
    notes = list(held.rule.notes)
    if not counted:
        notes.append(NO_WAGES)
    elif len(counted) < months:
        notes.append(filled(_SHORT, {"months": months, "served": len(counted)}))
    if held.rule.part is Part.SHARE and minimum is None:
        notes.append(NO_MINIMUM)
    by_minimum = minimum is not None and (share is None or minimum > share)
    return Floor(
        part=held.rule.part,
        basis=held.basis,
        percent=percent,
        months_averaged=len(counted),
        amount=minimum if by_minimum else share,
        is_minimum_wage=by_minimum,
        notes=tuple(notes),
    )
