"""What is due when non-competition ends early or is broken: the employer's release, and breach.

Source: the country's rules through `law`.  The sums are arithmetic on what is recorded; whether there was a
breach, and what a court would grant, is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.basis import Basis
from shoumi.engine.jurisdiction.noncompete.checking import check_penalty
from shoumi.engine.jurisdiction.noncompete.law import Law, filled
from shoumi.engine.jurisdiction.noncompete.payments import Payment, match
from shoumi.engine.jurisdiction.noncompete.schedule import Schedule
from shoumi.engine.jurisdiction.noncompete.values import Objection, Part
from shoumi.engine.jurisdiction.values import Texts

_BEFORE: Final = Texts(
    zh="竞业限制期限尚未开始；规则所称的额外补偿仅适用于期限内的解除。",
    ja="競業避止の期間はまだ始まっていません。規則の追加の補償は、期間中の解除についてのものです。",
    en="The term has not begun; the additional compensation of the rule is for a release within the term.",
)


class TermOverError(InputError):
    """The term is over; there is nothing left to release from or to break."""

    code = "jurisdiction.non_compete_over"
    message = "Non-competition ended on {end}, before {day}."


@dataclass(frozen=True, slots=True)
class Release:
    """What is due when the employer ends non-competition."""

    day: date  # the last day on which the person is still bound
    earned: Decimal  # for the days up to then
    paid: Decimal  # up to then
    owed: Decimal  # earned and not paid
    overpaid: Decimal  # paid in advance for later days
    extra_months: int  # 0: none by a recorded rule
    extra: Decimal
    basis: Basis | None  # of the additional months; None: no rule is recorded
    notes: tuple[Texts, ...]

    @property
    def due(self) -> Decimal:
        """What is to be paid in all, money paid in advance counted."""
        return max(Decimal(0), self.owed + self.extra - self.overpaid)


@dataclass(frozen=True, slots=True)
class BreachDues:
    """What the rules let the employer ask for on a breach, and that the duty goes on."""

    since: date
    paid: Decimal  # all compensation paid
    paid_since: Decimal  # of it: for instalments that reach into the time of the breach
    returned: Decimal | None  # what the rule has returned; None: no rule is recorded
    penalty: Decimal | None  # as agreed; None: none agreed, or no penalty may be agreed
    duty_until: date  # the duty goes on until then, whatever is paid
    basis: Basis | None
    duty_basis: Basis | None
    objections: tuple[Objection, ...]  # to the penalty
    notes: tuple[Texts, ...]

    @property
    def total(self) -> Decimal:
        """What may be asked for at most by what is recorded."""
        return (self.returned or Decimal(0)) + (self.penalty or Decimal(0))


def release(law: Law, schedule: Schedule, payments: Sequence[Payment], day: date) -> Release:
    """Return what is due when the employer ends non-competition at the end of `day`.

    Raises:
        TermOverError: the term is over already.
        AmountError, PaymentError: a payment is none.
    """
    _verify_not_over(schedule, day)
    held = law.held.get(Part.RELEASE)
    paid = sum((each.amount for each in _until(payments, schedule, day)), Decimal(0))
    earned = schedule.earned(day)
    months = held.numbers["months"] if held else 0
    notes = (filled(held.rule.text, held.numbers), *held.rule.notes) if held else (law.missing[Part.RELEASE],)
    if day <= schedule.service_ends:
        months, notes = 0, (*notes, _BEFORE)
    return Release(
        day=day,
        earned=earned,
        paid=paid,
        owed=max(Decimal(0), earned - paid),
        overpaid=max(Decimal(0), paid - earned),
        extra_months=months,
        extra=schedule.monthly * months,
        basis=held.basis if held else None,
        notes=notes,
    )


def breach(  # noqa: PLR0913 - what is recorded about a breach, by name
    law: Law,
    schedule: Schedule,
    payments: Sequence[Payment],
    *,
    since: date,
    day: date,
    penalty: Decimal | None,
) -> BreachDues:
    """Return what is due on a breach that began on `since`, with the payments up to `day`.

    Raises:
        TermOverError: the term was over before the breach began.
        AmountError, PaymentError: a payment, or the penalty, is none.
    """
    _verify_not_over(schedule, since)
    held, stays = law.held.get(Part.BREACH), law.held.get(Part.DUTY_STAYS)
    matching = match(schedule, _until(payments, schedule, day))
    paid = matching.paid
    reaching = (each.amount for each in matching.allocations if each.instalment.last >= since)
    _ceiling, objections = check_penalty(law, penalty, schedule)
    notes: tuple[Texts, ...] = ()
    for part in (Part.BREACH, Part.DUTY_STAYS):
        found = law.held.get(part)
        notes += (found.rule.text, *found.rule.notes) if found else (law.missing[part],)
    return BreachDues(
        since=since,
        paid=paid,
        paid_since=sum(reaching, Decimal(0)),
        returned=paid if held else None,
        penalty=None if Part.NO_PENALTY in law.held else penalty,
        duty_until=schedule.end,
        basis=held.basis if held else None,
        duty_basis=stays.basis if stays else None,
        objections=objections,
        notes=tuple(dict.fromkeys(notes)),
    )


def _until(payments: Sequence[Payment], schedule: Schedule, day: date) -> list[Payment]:
    found = [payment for payment in payments if payment.day <= day]
    match(schedule, found)  # refuses what is no payment
    return found


def _verify_not_over(schedule: Schedule, day: date) -> None:
    if day > schedule.end:
        raise TermOverError(end=schedule.end.isoformat(), day=day.isoformat())
