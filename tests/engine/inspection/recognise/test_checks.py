"""Checks accept what was made to hold and refuse each wrong digit that the standard says they refuse."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import identifiers as make

from shoumi.engine.inspection.recognise.checks import CHECKS

MADE = {
    "resident_id": make.resident_id,
    "foreigner_id": make.foreigner_id,
    "credit_code": make.credit_code,
    "luhn": make.bank_card,
    "my_number": make.my_number,
    "corporate_number": make.corporate_number,
    "driving_licence": make.driving_licence,
    "iban": make.iban,
}
ALL_SUBSTITUTIONS = {
    "resident_id",
    "foreigner_id",
    "credit_code",
    "luhn",
    "iban",
}  # the sum catches every one


def rows(*texts: str) -> np.ndarray:
    return np.array([list(text.encode()) for text in texts], np.uint8)


@pytest.mark.parametrize("name", MADE)
@given(st.integers(0, 2**32), st.integers(0, 40))
def test_made_values_hold_and_a_wrong_digit_is_refused(name, seed, place):
    value = MADE[name](random.Random(seed))  # noqa: S311 - test data
    assert CHECKS[name](rows(value)).tolist() == [True]
    at = place % len(value)
    if name in ALL_SUBSTITUTIONS and value[at].isdecimal():
        wrong = f"{value[:at]}{(int(value[at]) + 1) % 10}{value[at + 1 :]}"
        assert CHECKS[name](rows(value, wrong)).tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("iban", "GB82WEST12345698765432", "GB28WEST12345698765432"),
        ("luhn", "4111111111111111", "1111111111111111"),
        ("corporate_number", "7000012050002", "6000012050002"),  # the tax agency itself, as its site shows
    ],
)
def test_published_values(name, good, bad):
    assert CHECKS[name](rows(good, bad)).tolist() == [True, False]


def test_dates_and_divisions_must_be_possible():
    for first in (
        "99010119900101001",
        "11010119900230001",
        "11010119901301001",
        "11090119900101001",
        "11010118000101001",
    ):
        assert not CHECKS["resident_id"](rows(first + make.check_resident(first))).any()
