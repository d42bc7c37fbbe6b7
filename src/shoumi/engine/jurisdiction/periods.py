"""Confidentiality periods: years, months, days, long-term, until publication, and the day they end.

A span ends on the day with the same number in its last month, or on that month's last day where there is
none; the packs name the provisions this follows.  The end is the last day that is still secret.  No clock, no
time zone: the caller says which day it is where the legal entity sits.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shoumi.engine.errors import InputError

_SPAN = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?")
_MONTHS = 12


class PeriodFormError(InputError):
    """The text is no period code."""

    code = "jurisdiction.period_form"
    message = "“{text}” is no period; write P3Y, P18M, P90D, a day, long_term or until_publication."


class PeriodTooLongError(InputError):
    """The end lies beyond the calendar; such a secret is long-term."""

    code = "jurisdiction.period_too_long"
    message = "A period of {period} from {start} ends beyond the calendar; choose long-term."


class PeriodKind(StrEnum):
    """What ends a period: a day, a span of time, nothing, or an event."""

    UNTIL_DATE = "until_date"
    SPAN = "span"
    LONG_TERM = "long_term"
    UNTIL_PUBLICATION = "until_publication"


@dataclass(frozen=True, slots=True)
class Period:
    """How long something is kept secret; `code` is its stored form, `parse_period` reads it back."""

    kind: PeriodKind
    years: int = 0  # of a span, each 0 or more, at least one above 0
    months: int = 0
    days: int = 0
    until: date | None = None  # of UNTIL_DATE: the last secret day

    @property
    def code(self) -> str:
        """The stored form: `P1Y6M`, `2029-12-31`, `long_term` or `until_publication`."""
        if self.kind is PeriodKind.SPAN:
            parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
            return "P" + "".join(f"{number}{letter}" for number, letter in parts if number)
        return self.until.isoformat() if self.until else str(self.kind)

    @property
    def has_end(self) -> bool:
        """Whether a day of the calendar ends it; otherwise it is reviewed instead."""
        return self.kind in {PeriodKind.SPAN, PeriodKind.UNTIL_DATE}


LONG_TERM = Period(PeriodKind.LONG_TERM)
UNTIL_PUBLICATION = Period(PeriodKind.UNTIL_PUBLICATION)


def parse_period(code: str) -> Period:
    """Return the period that a stored code means.

    Raises:
        PeriodFormError: the code has another form, or a span of nothing.
    """
    for open_ended in (LONG_TERM, UNTIL_PUBLICATION):
        if code == open_ended.code:
            return open_ended
    if match := _SPAN.fullmatch(code):
        years, months, days = (int(number or 0) for number in match.groups())
        if years or months or days:
            return Period(PeriodKind.SPAN, years=years, months=months, days=days)
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", code):
        try:
            return Period(PeriodKind.UNTIL_DATE, until=date.fromisoformat(code))
        except ValueError as error:
            raise PeriodFormError(text=code) from error
    raise PeriodFormError(text=code)


def period_end(start: date, period: Period) -> date | None:
    """Return the last secret day of a period that begins on `start`, or None if no day ends it.

    Years and months are counted first and clamped to the length of the month, then the days are added:
    one month from 31 January is 28 or 29 February.

    Raises:
        PeriodTooLongError: the end lies after the year 9999.
    """
    if period.kind is PeriodKind.UNTIL_DATE:
        return period.until
    if period.kind is not PeriodKind.SPAN:
        return None
    try:
        return _after(start, months=period.years * _MONTHS + period.months) + timedelta(days=period.days)
    except (OverflowError, ValueError) as error:
        raise PeriodTooLongError(period=period.code, start=start.isoformat()) from error


def period_over(end: date | None, day: date) -> bool:
    """Return whether a period whose last secret day is `end` is over on `day`; None never is."""
    return end is not None and day > end


def _after(start: date, *, months: int) -> date:
    """Return the day `months` later, clamped to the length of its month."""
    count = start.year * _MONTHS + start.month - 1 + months
    year, month = divmod(count, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
