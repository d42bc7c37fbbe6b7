"""Payments against the schedule: what each was for, what is in arrears on a day, and who is to be alarmed.

A payment goes to the oldest instalment that is not fully paid, also in advance.  An instalment is in arrears
from the day after it was due.  The number of months after which the employee may end the agreement is that of
the country's rule; whether it was the employer's fault is recorded by people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.basis import Basis
from shoumi.engine.jurisdiction.noncompete.law import Law, filled
from shoumi.engine.jurisdiction.noncompete.money import amount
from shoumi.engine.jurisdiction.noncompete.schedule import Instalment, Schedule
from shoumi.engine.jurisdiction.noncompete.values import Condition, Part
from shoumi.engine.jurisdiction.values import Texts

_DAY = timedelta(days=1)


class PaymentError(InputError):
    """No money reached the person by this."""

    code = "jurisdiction.non_compete_payment"
    message = "“{value}” cannot be a payment: it is above 0 and in whole units of the currency."


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that reached the person."""

    day: date
    amount: Decimal  # above 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that went to an instalment."""

    instalment: Instalment
    payment: Payment
    amount: Decimal  # above 0

    @property
    def days_late(self) -> int:
        """Days after the due day, 0 if in time."""
        return max(0, (self.payment.day - self.instalment.due).days)


@dataclass(frozen=True, slots=True)
class Matching:
    """Payments matched to a schedule."""

    schedule: Schedule
    allocations: tuple[Allocation, ...]
    surplus: Decimal  # paid beyond the whole schedule

    @property
    def paid(self) -> Decimal:
        """What went to instalments."""
        return sum((each.amount for each in self.allocations), Decimal(0))

    def unpaid(self, instalment: Instalment) -> Decimal:
        """Return what is still to be paid of an instalment."""
        paid = (each.amount for each in self.allocations if each.instalment == instalment)
        return instalment.amount - sum(paid, Decimal(0))


@dataclass(frozen=True, slots=True)
class Alarm:
    """That as many months are unpaid."""

    months: int
    since: date  # the day on which it was so
    employee_may_end: bool  # it is the number of the rule, not one of the company's early alarms


@dataclass(frozen=True, slots=True)
class Arrears:
    """What is due and unpaid at the end of a day."""

    day: date
    months: int  # instalments overdue of which anything is unpaid
    months_wholly: int  # of these, those of which nothing was paid
    amount: Decimal
    since: date | None  # the first day of arrears of the oldest unpaid instalment
    alarms: tuple[Alarm, ...]  # those reached, the mildest first
    employee_may_end: Condition
    basis: Basis | None  # of the last; None: no rule is recorded
    notes: tuple[Texts, ...]


def match(schedule: Schedule, payments: Sequence[Payment]) -> Matching:
    """Return which payment paid which instalment, the oldest first on both sides.

    Raises:
        AmountError: a payment is no amount of money.
        PaymentError: it is 0, or not in whole units of the currency.
    """
    for payment in payments:
        if amount(payment.amount, schedule.digits) != payment.amount or not payment.amount:
            raise PaymentError(value=str(payment.amount))
    allocations: list[Allocation] = []
    rows = iter(schedule.instalments)
    row = next(rows, None)
    open_amount = row.amount if row else Decimal(0)
    surplus = Decimal(0)
    for payment in sorted(payments, key=lambda each: each.day):
        left = payment.amount
        while left and row:
            part = min(left, open_amount)
            if part:
                allocations.append(Allocation(row, payment, part))
            left -= part
            open_amount -= part
            if not open_amount:
                row = next(rows, None)
                open_amount = row.amount if row else Decimal(0)
        surplus += left
    return Matching(schedule, tuple(allocations), surplus)


def arrears(
    law: Law,
    schedule: Schedule,
    payments: Sequence[Payment],
    day: date,
    *,
    employers_fault: bool | None,
) -> Arrears:
    """Return what is in arrears at the end of `day`, counting the payments up to then.

    `employers_fault` is what people recorded about the reason; None: nothing.

    Raises:
        AmountError, PaymentError: as for `match`.
    """
    matching = match(schedule, [payment for payment in payments if payment.day <= day])
    overdue = [(row, matching.unpaid(row)) for row in schedule.instalments if row.due < day]
    behind = [(row, unpaid) for row, unpaid in overdue if unpaid]
    wholly = sum(unpaid == row.amount for row, unpaid in behind)
    held = law.held.get(Part.UNPAID)
    limit = held.numbers["months"] if held else None
    steps = sorted({*law.table.alarm_months, *([limit] if limit else [])})
    since = [row.due + _DAY for row, _unpaid in behind]
    alarms = tuple(
        Alarm(step, since[step - 1], limit is not None and step >= limit)
        for step in steps
        if step <= len(behind)
    )
    notes = held.rule.notes if held else (law.missing[Part.UNPAID],)
    if held:
        told = filled(held.rule.text, {**held.numbers, "unpaid": len(behind)})
        notes = (told, *notes)
    return Arrears(
        day=day,
        months=len(behind),
        months_wholly=wholly,
        amount=sum((unpaid for _row, unpaid in behind), Decimal(0)),
        since=since[0] if since else None,
        alarms=alarms,
        employee_may_end=_may_end(limit, len(behind), wholly, employers_fault),
        basis=held.basis if held else None,
        notes=notes,
    )


def _may_end(limit: int | None, months: int, wholly: int, employers_fault: bool | None) -> Condition:
    """Return whether the employee may end it; a month paid in part can be counted either way."""
    if limit is None:
        return Condition.UNKNOWN
    if months < limit or employers_fault is False:
        return Condition.NOT_MET
    return Condition.MET if wholly >= limit and employers_fault else Condition.UNKNOWN
