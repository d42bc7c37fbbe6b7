"""Period arithmetic by properties, and the days people argue about."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import (
    LONG_TERM,
    UNTIL_PUBLICATION,
    Period,
    PeriodFormError,
    PeriodKind,
    PeriodTooLongError,
    parse_period,
    period_end,
    period_over,
)

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
spans = st.builds(
    Period,
    kind=st.just(PeriodKind.SPAN),
    years=st.integers(0, 60),
    months=st.integers(0, 60),
    days=st.integers(0, 4000),
).filter(lambda period: period.years or period.months or period.days)


@pytest.mark.requirement("PER-02")
@pytest.mark.parametrize(
    ("start", "code", "end"),
    [
        ("2026-03-01", "P3Y", "2029-03-01"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-01-31", "P1M", "2028-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2026-12-15", "P1M", "2027-01-15"),
        ("2026-01-31", "P1M1D", "2026-03-01"),
        ("2026-12-31", "P90D", "2027-03-31"),
        ("2026-01-01", "2029-12-31", "2029-12-31"),
    ],
)
def test_known_ends(start, code, end):
    assert period_end(date.fromisoformat(start), parse_period(code)) == date.fromisoformat(end)


@pytest.mark.requirement("PER-03")
@pytest.mark.parametrize("period", [LONG_TERM, UNTIL_PUBLICATION])
def test_open_ended_periods_are_never_over(period):
    assert period_end(date(2026, 1, 1), period) is None
    assert not period.has_end
    assert not period_over(None, date.max)


@given(spans)
def test_the_stored_code_reads_back(period):
    assert parse_period(period.code) == period


@given(days)
def test_a_day_reads_back(day):
    period = Period(PeriodKind.UNTIL_DATE, until=day)
    assert parse_period(period.code) == period


@given(days, spans)
def test_years_and_months_keep_the_day_or_end_the_month(start, period):
    without_days = Period(PeriodKind.SPAN, years=period.years, months=period.months)
    end = period_end(start, without_days)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == period.years * 12 + period.months
    last = calendar.monthrange(end.year, end.month)[1]
    assert end.day == min(start.day, last)


@given(days, spans)
def test_days_are_added_last(start, period):
    without_days = Period(PeriodKind.SPAN, years=period.years, months=period.months)
    assert period_end(start, period) == period_end(start, without_days) + timedelta(days=period.days)


@given(days, days, spans)
def test_a_later_start_never_ends_earlier(one, other, period):
    first, second = sorted((one, other))
    assert period_end(first, period) <= period_end(second, period)


@given(days, spans)
def test_the_end_itself_is_still_secret(start, period):
    end = period_end(start, period)
    assert end >= start
    assert not period_over(end, end)
    assert period_over(end, end + timedelta(days=1))


@pytest.mark.parametrize(
    "code",
    [
        "",
        "P",
        "P0Y",
        "P0Y0M0D",
        "3Y",
        "P-1Y",
        "P1Y2Y",
        "P1D1Y",
        "P1.5Y",
        "p3y",
        "2026-02-30",
        "2026-2-3",
        "LONG_TERM",
        " P3Y",
        "P3Y\n",
    ],
)
def test_other_codes_are_refused(code):
    with pytest.raises(PeriodFormError):
        parse_period(code)


def test_a_period_beyond_the_calendar_is_refused():
    with pytest.raises(PeriodTooLongError):
        period_end(date(2026, 1, 1), parse_period("P9000Y"))
    with pytest.raises(PeriodTooLongError):
        period_end(date(9999, 12, 30), parse_period("P99999D"))
