"""The schedule of compensation on month ends and leap days, and that it sums exactly."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import parse_period
from shoumi.engine.jurisdiction.noncompete import (
    AmountError,
    DueDayError,
    TermError,
    end_of_term,
    make_schedule,
)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
terms = st.builds("P{}M{}D".format, st.integers(0, 30), st.integers(1, 60)).map(parse_period)
sums = st.decimals(0, 1_000_000, places=2)


def schedule(leaves, term, monthly="5000.00", **more):
    return make_schedule(date.fromisoformat(leaves), parse_period(term), Decimal(monthly), digits=2, **more)


@pytest.mark.parametrize(
    ("leaves", "term", "end"),
    [
        ("2026-06-30", "P24M", "2028-06-30"),
        ("2024-02-29", "P24M", "2026-02-28"),
        ("2026-02-28", "P24M", "2028-02-28"),
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2027-08-31", "P6M", "2028-02-29"),
        ("2026-12-31", "2027-01-01", "2027-01-01"),
    ],
)
def test_the_day_on_which_a_term_ends(leaves, term, end):
    assert end_of_term(date.fromisoformat(leaves), parse_period(term)) == date.fromisoformat(end)


def test_short_months_do_not_shift_the_later_ones():
    found = schedule("2026-12-31", "P4M")
    assert [(row.first.isoformat(), row.last.isoformat()) for row in found.instalments] == [
        ("2027-01-01", "2027-01-31"),
        ("2027-02-01", "2027-02-28"),
        ("2027-03-01", "2027-03-31"),
        ("2027-04-01", "2027-04-30"),
    ]
    assert [row.number for row in found.instalments] == [1, 2, 3, 4]
    assert found.total == Decimal("20000.00")


def test_a_last_month_that_is_not_whole_is_paid_by_its_days():
    found = schedule("2027-12-31", "P1M10D", "2900.00")
    first, last = found.instalments
    assert (first.whole, first.amount) == (True, Decimal("2900.00"))
    assert (last.first, last.last, last.whole) == (date(2028, 2, 1), date(2028, 2, 10), False)
    assert last.amount == Decimal("1000.00")  # 10 of the 29 days of that February
    assert found.total == Decimal("3900.00")


@pytest.mark.parametrize(
    ("due_day", "due"),
    [
        (None, ["2027-01-31", "2027-02-28", "2027-03-31"]),
        (10, ["2027-02-10", "2027-03-10", "2027-04-10"]),
        (31, ["2027-01-31", "2027-02-28", "2027-03-31"]),
        (30, ["2027-02-28", "2027-02-28", "2027-04-30"]),
        (29, ["2027-02-28", "2027-02-28", "2027-04-29"]),
    ],
)
def test_the_day_on_which_an_instalment_is_due(due_day, due):
    found = schedule("2026-12-31", "P3M", due_day=due_day)
    assert [row.due.isoformat() for row in found.instalments] == due


def test_money_is_rounded_to_whole_units_before_it_is_scheduled():
    assert schedule("2026-12-31", "P12M", "3333.335").total == Decimal("40000.08")


@pytest.mark.parametrize("term", ["long_term", "until_publication", "2026-12-31", "2020-01-01"])
def test_a_term_without_an_end_after_service_is_refused(term):
    with pytest.raises(TermError, match="2026-12-31"):
        schedule("2026-12-31", term)


@pytest.mark.parametrize("due_day", [0, -1, 32])
def test_a_day_that_no_month_has_is_refused(due_day):
    with pytest.raises(DueDayError):
        schedule("2026-12-31", "P1M", due_day=due_day)


def test_a_negative_sum_is_refused():
    with pytest.raises(AmountError):
        schedule("2026-12-31", "P1M", "-1")


@given(days, terms, sums, st.none() | st.integers(1, 31))
def test_the_instalments_cover_the_term_day_by_day_and_sum_exactly(leaves, term, monthly, due_day):
    found = make_schedule(leaves, term, monthly, digits=2, due_day=due_day)
    rows = found.instalments
    assert (rows[0].first, rows[-1].last) == (leaves + timedelta(days=1), found.end)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(rows))
    assert all(row.whole for row in rows[:-1])
    whole = sum(row.whole for row in rows)
    rest = Decimal(0) if rows[-1].whole else rows[-1].amount
    assert found.total == monthly * whole + rest
    assert rest <= monthly
    assert all(row.last <= row.due < row.last + timedelta(days=62) for row in rows)
    assert found.earned(found.end) == found.total
    assert found.earned(leaves) == 0


@given(days, terms, sums, st.integers(0, 900), st.integers(0, 60))
def test_what_is_earned_only_grows(leaves, term, monthly, after, later):
    found = make_schedule(leaves, term, monthly, digits=2)
    day = leaves + timedelta(days=after)
    assert 0 <= found.earned(day) <= found.earned(day + timedelta(days=later)) <= found.total
