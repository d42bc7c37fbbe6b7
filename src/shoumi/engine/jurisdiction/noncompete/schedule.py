"""The monthly schedule of compensation: which days each instalment is for, when it is due, how much it is.

The months run from the day after service ends, each to the day that the packs' rule for periods gives, so
that short months do not shift the later ones.  A last month that is not whole is paid by its days.  Whether
the amount is enough is `checking`'s task.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.noncompete.money import amount, rounded
from shoumi.engine.jurisdiction.periods import Period, PeriodKind, period_end

_DAY = timedelta(days=1)
_LAST = 31


class TermError(InputError):
    """A term of non-competition ends on a day, after service has ended."""

    code = "jurisdiction.non_compete_term"
    message = "The term {term} does not end on a day after {start}."


class DueDayError(InputError):
    """There is no such day in any month."""

    code = "jurisdiction.non_compete_due_day"
    message = "An instalment cannot be due on day {day} of a month."


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is paid for one month of non-competition."""

    number: int  # from 1
    first: date
    last: date
    due: date  # the last day on which it is paid in time
    amount: Decimal
    whole: bool  # False: the last month is not whole and is paid by its days


@dataclass(frozen=True, slots=True)
class Schedule:
    """All instalments of a term."""

    service_ends: date
    end: date  # the last day of non-competition
    monthly: Decimal
    digits: int
    instalments: tuple[Instalment, ...]

    @property
    def total(self) -> Decimal:
        """The sum of all instalments."""
        return sum((each.amount for each in self.instalments), Decimal(0))

    def earned(self, day: date) -> Decimal:
        """Return what is earned for the days up to and including `day`."""
        exact = Fraction()
        for each in self.instalments:
            if each.last <= day:
                exact += Fraction(each.amount)
            elif each.first <= day:
                exact += Fraction(each.amount) * Fraction(
                    (day - each.first).days + 1, (each.last - each.first).days + 1
                )
        return rounded(exact, self.digits)


def end_of_term(service_ends: date, term: Period) -> date:
    """Return the last day of a term that begins when service has ended.

    Raises:
        TermError: no day ends it, or it does not end after service.
    """
    end = period_end(service_ends, term)
    if end is None or end <= service_ends:
        raise TermError(term=term.code, start=service_ends.isoformat())
    return end


def make_schedule(
    service_ends: date, term: Period, monthly: Decimal, *, digits: int, due_day: int | None = None
) -> Schedule:
    """Return the instalments of `monthly` for each month of the term.

    `due_day` is the day of the month by which it is paid, in short months their last day; without it, an
    instalment is due on the last of the days it is for.

    Raises:
        TermError: as for `end_of_term`.
        DueDayError: `due_day` is not 1 to 31.
        AmountError: `monthly` is no amount above or at 0.
    """
    if due_day is not None and not 1 <= due_day <= _LAST:
        raise DueDayError(day=due_day)
    end = end_of_term(service_ends, term)
    each = amount(monthly, digits)
    rows: list[Instalment] = []
    before = service_ends
    while before < end:
        number = len(rows) + 1
        first, until = before + _DAY, _months_after(service_ends, number)
        last = min(until, end)
        whole = last == until
        part = Fraction((last - first).days + 1, (until - first).days + 1)
        paid = each if whole else rounded(Fraction(each) * part, digits)
        rows.append(Instalment(number, first, last, _due(last, due_day), paid, whole))
        before = last
    return Schedule(service_ends, end, each, digits, tuple(rows))


def _months_after(start: date, months: int) -> date:
    return period_end(start, Period(PeriodKind.SPAN, months=months)) or start  # a span always ends


def _due(last: date, due_day: int | None) -> date:
    """Return the first day on or after `last` that has the number `due_day`, clamped to its month."""
    if due_day is None:
        return last
    this = _in_month(last.year, last.month, due_day)
    if this >= last:
        return this
    following = last.replace(day=1) + timedelta(days=_LAST)
    return _in_month(following.year, following.month, due_day)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
