"""Payments, arrears by the day, and the alarms at one, two and three months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import Status, parse_period
from shoumi.engine.jurisdiction.noncompete import (
    AmountError,
    Condition,
    Part,
    Payment,
    PaymentError,
    arrears,
    law_on,
    make_schedule,
    match,
)

LAW = law_on("cn", date(2026, 11, 21))
JAPAN = law_on("jp", date(2026, 11, 21))
LEAVES = date(2026, 12, 31)
PLAN = make_schedule(LEAVES, parse_period("P12M"), Decimal("5000.00"), digits=2)
payments = st.lists(
    st.builds(
        Payment,
        st.dates(date(2027, 1, 1), date(2028, 6, 30)),
        st.decimals("0.01", 20_000, places=2),
    ),
    max_size=12,
)
days = st.dates(date(2026, 12, 1), date(2028, 6, 30))


def paid(*rows):
    return [Payment(date.fromisoformat(day), Decimal(sum_)) for day, sum_ in rows]


def owing(day, *rows, fault=None, law=LAW):
    return arrears(law, PLAN, paid(*rows), date.fromisoformat(day), employers_fault=fault)


def test_a_payment_goes_to_the_oldest_open_instalment_and_on_to_the_next():
    found = match(PLAN, paid(("2027-03-05", "7000.00"), ("2027-02-01", "4000.00")))
    assert [(each.instalment.number, each.amount, each.days_late) for each in found.allocations] == [
        (1, Decimal("4000.00"), 1),
        (1, Decimal("1000.00"), 33),
        (2, Decimal("5000.00"), 5),
        (3, Decimal("1000.00"), 0),
    ]
    assert found.unpaid(PLAN.instalments[2]) == Decimal("4000.00")
    assert found.surplus == 0


def test_what_is_paid_beyond_the_schedule_is_surplus():
    found = match(PLAN, paid(("2027-01-31", "60000.01")))
    assert (found.paid, found.surplus) == (Decimal("60000.00"), Decimal("0.01"))


def test_a_schedule_of_nothing_takes_no_money():
    nothing = make_schedule(LEAVES, parse_period("P2M"), Decimal(0), digits=2)
    found = match(nothing, paid(("2027-01-31", "10")))
    assert (found.allocations, found.surplus) == ((), Decimal(10))


@pytest.mark.parametrize(
    ("sum_", "error"),
    [("0", PaymentError), ("0.001", PaymentError), ("-5", AmountError), ("NaN", AmountError)],
)
def test_what_is_no_payment_is_refused(sum_, error):
    with pytest.raises(error):
        match(PLAN, paid(("2027-01-31", sum_)))


@pytest.mark.parametrize(
    ("day", "months", "sum_", "since", "alarms"),
    [
        ("2027-01-31", 0, "0", None, []),  # the due day itself
        ("2027-02-01", 1, "5000.00", "2027-02-01", [(1, "2027-02-01")]),
        ("2027-02-28", 1, "5000.00", "2027-02-01", [(1, "2027-02-01")]),
        ("2027-03-01", 2, "10000.00", "2027-02-01", [(1, "2027-02-01"), (2, "2027-03-01")]),
        ("2027-03-31", 2, "10000.00", "2027-02-01", [(1, "2027-02-01"), (2, "2027-03-01")]),
        (
            "2027-04-01",
            3,
            "15000.00",
            "2027-02-01",
            [(1, "2027-02-01"), (2, "2027-03-01"), (3, "2027-04-01")],
        ),
    ],
)
def test_arrears_and_alarms_by_the_day(day, months, sum_, since, alarms):
    found = owing(day)
    assert (found.months, found.months_wholly, found.amount) == (months, months, Decimal(sum_))
    assert found.since == (date.fromisoformat(since) if since else None)
    assert [(each.months, each.since.isoformat()) for each in found.alarms] == alarms
    assert [each.employee_may_end for each in found.alarms] == [each[0] == 3 for each in alarms]


def test_a_later_payment_does_not_change_what_was_owed_before():
    later = ("2027-03-02", "10000.00")
    assert owing("2027-03-01", later).months == 2
    after = owing("2027-03-02", later)
    assert (after.months, after.amount, after.since, after.alarms) == (0, Decimal(0), None, ())


@pytest.mark.parametrize(
    ("day", "rows", "fault", "met"),
    [
        ("2027-03-31", [], True, Condition.NOT_MET),  # two months
        ("2027-04-01", [], True, Condition.MET),
        ("2027-04-01", [], None, Condition.UNKNOWN),  # nobody recorded the reason
        ("2027-04-01", [], False, Condition.NOT_MET),
        ("2027-04-01", [("2027-02-10", "0.01")], True, Condition.UNKNOWN),  # one month paid in part
        ("2027-05-01", [("2027-02-10", "0.01")], True, Condition.MET),
        ("2027-05-01", [("2027-02-10", "5000.00")], True, Condition.MET),
        ("2027-04-01", [("2027-02-10", "5000.00")], True, Condition.NOT_MET),
    ],
)
def test_from_the_third_month_the_employee_may_end_it_where_the_employer_is_at_fault(day, rows, fault, met):
    found = owing(day, *rows, fault=fault)
    assert found.employee_may_end is met
    assert (found.basis.rule, found.basis.status) == ("CN-LDI1-36", Status.PRIMARY)


def test_the_notes_carry_the_figures_in_three_languages():
    told = owing("2027-03-01").notes[0]
    assert "欠付 2 个月" in told.zh
    assert "2 か月" in told.ja
    assert told.en.startswith("2 months are unpaid; after 3 months")


def test_japan_alarms_and_says_that_no_number_is_recorded():
    plan = make_schedule(LEAVES, parse_period("P12M"), Decimal(200_000), digits=0)
    found = arrears(JAPAN, plan, [], date(2027, 6, 1), employers_fault=True)
    assert [each.months for each in found.alarms] == [1, 2, 3]
    assert not any(each.employee_may_end for each in found.alarms)
    assert (found.employee_may_end, found.basis) == (Condition.UNKNOWN, None)
    assert found.notes == (JAPAN.missing[Part.UNPAID],)


@given(payments)
def test_matched_payments_never_exceed_the_payments_or_the_instalments(given_):
    found = match(PLAN, given_)
    assert found.paid + found.surplus == sum((each.amount for each in given_), Decimal(0))
    for row in PLAN.instalments:
        assert 0 <= found.unpaid(row) <= row.amount
    assert found.paid <= PLAN.total
    assert all(each.amount > 0 for each in found.allocations)


@given(payments, payments, days)
def test_more_payment_never_raises_arrears(given_, more, day):
    less = arrears(LAW, PLAN, given_, day, employers_fault=None)
    now = arrears(LAW, PLAN, [*given_, *more], day, employers_fault=None)
    assert now.amount <= less.amount
    assert now.months <= less.months
    assert len(now.alarms) <= len(less.alarms)
    assert less.since is None or now.since is None or less.since <= now.since


@given(payments, days)
def test_arrears_are_what_is_due_less_what_was_paid(given_, day):
    due = sum((row.amount for row in PLAN.instalments if row.due < day), Decimal(0))
    so_far = sum((each.amount for each in given_ if each.day <= day), Decimal(0))
    found = arrears(LAW, PLAN, given_, day, employers_fault=None)
    assert found.amount == max(Decimal(0), due - so_far)
    assert found.since is None or found.since <= day
    assert found.months_wholly <= found.months <= found.months_wholly + 1


@given(payments, days)
def test_nothing_further_paid_means_that_arrears_only_grow(given_, day):
    until = [each for each in given_ if each.day <= day]
    later = day + timedelta(days=45)
    first = arrears(LAW, PLAN, until, day, employers_fault=None)
    assert arrears(LAW, PLAN, until, later, employers_fault=None).months >= first.months
