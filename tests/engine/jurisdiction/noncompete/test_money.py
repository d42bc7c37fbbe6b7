"""Amounts are whole units of the currency; a floor is never below the exact share."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.noncompete import AmountError
from shoumi.engine.jurisdiction.noncompete.money import amount, rounded, share_of_average

wages = st.lists(st.decimals(0, 10_000_000, places=2), min_size=1, max_size=24)


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049999", 2, "0.00"),
        ("2.675", 2, "2.68"),  # a float would give 2.67
        ("5000", 2, "5000.00"),
        ("199999.5", 0, "200000"),
        ("1E+3", 2, "1000.00"),
    ],
)
def test_money_is_rounded_half_up_to_whole_units(value, digits, told):
    assert str(amount(Decimal(value), digits)) == told


@pytest.mark.parametrize(
    "value", [Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity"), 5000.0, 5000, "5000"]
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(AmountError):
        amount(value, 2)


@pytest.mark.requirement("ONB-13")
@pytest.mark.parametrize(
    ("each", "percent", "floor"),
    [
        (["20000.00"] * 12, 30, "6000.00"),
        (["20000.00"] * 12, 50, "10000.00"),
        (["10000.01"], 30, "3000.01"),  # 3000.003: rounding down would be below the share
        (["1.00", "1.00", "2.00"], 30, "0.40"),
        (["0.00"], 30, "0.00"),
    ],
)
def test_a_share_of_the_average(each, percent, floor):
    assert str(share_of_average([Decimal(wage) for wage in each], percent, 2)) == floor


@given(wages, st.integers(1, 100))
def test_a_share_is_at_least_the_exact_one_and_less_than_a_unit_above(each, percent):
    exact = sum(map(Fraction, each)) * percent / (100 * len(each))
    found = share_of_average(each, percent, 2)
    assert 0 <= Fraction(found) - exact < Fraction(1, 100)


@given(st.fractions(0, 1_000_000), st.integers(0, 4))
def test_rounding_is_at_most_half_a_unit_away(exact, digits):
    assert abs(Fraction(rounded(exact, digits)) - exact) <= Fraction(1, 2 * 10**digits)
