"""What is due on the employer's release and on a breach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shoumi.engine.jurisdiction import Status, parse_period
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.noncompete import (
    AmountError,
    Part,
    Payment,
    TermOverError,
    Verdict,
    breach,
    law_on,
    make_schedule,
    release,
)

LAW = law_on("cn", date(2026, 11, 21))
JAPAN = law_on("jp", date(2026, 11, 21))
PLAN = make_schedule(date(2026, 12, 31), parse_period("P12M"), Decimal("5600.00"), digits=2)
YEN = make_schedule(date(2026, 12, 31), parse_period("P12M"), Decimal(200_000), digits=0)


def paid(*rows):
    return [Payment(date.fromisoformat(day), Decimal(sum_)) for day, sum_ in rows]


@pytest.mark.parametrize(
    ("day", "rows", "sums"),  # owed, overpaid, extra, due in all
    [
        ("2027-01-31", [], ("5600.00", "0", "16800.00", "22400.00")),
        ("2027-02-07", [("2027-01-31", "5600.00")], ("1400.00", "0", "16800.00", "18200.00")),
        ("2027-02-28", [("2027-01-31", "12000.00")], ("0", "800.00", "16800.00", "16000.00")),
        ("2027-01-01", [("2027-01-01", "67200.00")], ("0", "67019.35", "16800.00", "0")),
        ("2027-01-31", [("2027-02-01", "5600.00")], ("5600.00", "0", "16800.00", "22400.00")),  # paid after
        ("2026-12-31", [], ("0", "0", "0", "0")),  # before the term begins
        ("2027-12-31", [], ("67200.00", "0", "16800.00", "84000.00")),
    ],
)
def test_a_release_by_the_employer(day, rows, sums):
    found = release(LAW, PLAN, paid(*rows), date.fromisoformat(day))
    assert (found.owed, found.overpaid, found.extra, found.due) == tuple(map(Decimal, sums))
    assert (found.basis.rule, found.basis.status) == ("CN-LDI1-36", Status.PRIMARY)


def test_a_release_before_the_term_says_why_nothing_is_added():
    found = release(LAW, PLAN, [], date(2026, 12, 1))
    assert found.extra_months == 0
    assert found.notes[-1].en.startswith("The term has not begun")


def test_a_breach_shows_both_readings_of_what_is_returned_and_that_the_duty_goes_on():
    rows = paid(("2027-01-31", "5600.00"), ("2027-02-28", "5600.00"), ("2027-03-31", "5600.00"))
    penalty = Decimal("100000.00")
    found = breach(LAW, PLAN, rows, since=date(2027, 2, 28), day=date(2027, 4, 1), penalty=penalty)
    assert (found.paid, found.paid_since) == (Decimal("16800.00"), Decimal("11200.00"))
    assert (found.returned, found.total) == (Decimal("16800.00"), Decimal("116800.00"))
    assert found.duty_until == date(2027, 12, 31)
    assert (found.basis.rule, found.duty_basis.rule) == ("CN-LDI2-13", "CN-LDI1-36")
    assert any("does not end the duty" in note.en for note in found.notes)
    assert found.objections == ()


def test_a_penalty_above_the_guideline_stays_an_objection_on_breach():
    over = PLAN.total * 5 + Decimal("0.01")
    found = breach(LAW, PLAN, [], since=date(2027, 1, 1), day=date(2027, 1, 1), penalty=over)
    (objection,) = found.objections
    assert (objection.part, objection.basis.force) == (Part.PENALTY_CEILING, Force.GUIDELINE)
    assert objection.figures["ceiling"] == Decimal("336000.00")
    assert found.penalty == over


def test_japan_refuses_the_penalty_and_invents_no_return():
    rows = paid(("2027-01-31", "200000"))
    found = breach(JAPAN, YEN, rows, since=date(2027, 2, 1), day=date(2027, 2, 1), penalty=Decimal(1_000_000))
    (objection,) = found.objections
    assert (objection.verdict, objection.basis.rule) == (Verdict.REFUSED, "JP-LSA-16")
    assert objection.basis.status is Status.SECONDARY
    assert (found.returned, found.penalty, found.total, found.basis) == (None, None, Decimal(0), None)
    assert found.notes == (JAPAN.missing[Part.BREACH],)
    ended = release(JAPAN, YEN, rows, date(2027, 2, 28))
    assert (ended.extra, ended.owed, ended.basis) == (Decimal(0), Decimal(200_000), None)
    assert ended.notes == (JAPAN.missing[Part.RELEASE],)


def test_a_rule_that_does_not_hold_yet_gives_nothing():
    before = law_on("cn", date(2025, 8, 31))  # the second interpretation holds from the next day on
    found = breach(before, PLAN, [], since=date(2027, 1, 1), day=date(2027, 1, 1), penalty=None)
    assert (found.returned, found.basis) == (None, None)
    assert "CN-LDI2-13" in found.notes[0].en
    assert found.duty_basis.rule == "CN-LDI1-36"


def test_after_the_term_there_is_nothing_to_release_or_break():
    with pytest.raises(TermOverError, match="2027-12-31"):
        release(LAW, PLAN, [], date(2028, 1, 1))
    with pytest.raises(TermOverError):
        breach(LAW, PLAN, [], since=date(2028, 1, 1), day=date(2028, 2, 1), penalty=None)
    with pytest.raises(AmountError):
        breach(LAW, PLAN, [], since=date(2027, 1, 1), day=date(2027, 1, 1), penalty=Decimal(-1))
    with pytest.raises(AmountError):
        release(LAW, PLAN, paid(("2027-01-01", "-1")), date(2027, 1, 31))
