"""Masked values: enough to recognise, too little to use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.server.accounts.masking import HIDDEN, mask


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("100 0000 0012", f"100{HIDDEN}0012"),
        ("070-0000-0012", f"070{HIDDEN}0012"),
        ("12345 67", f"{HIDDEN}67"),
        ("wang.li@example.com", f"w{HIDDEN}@example.com"),
        ("ABC123456", f"A{HIDDEN}"),
        ("王", f"王{HIDDEN}"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_kinds_of_values(value, shown):
    assert mask(value) == shown


@given(st.text(min_size=9).filter(lambda text: len(text.strip()) > 8))
def test_a_long_value_never_shows_whole(value):
    assert value.strip() not in mask(value)


@given(st.integers(10**10, 10**11 - 1))
def test_four_digits_of_a_number_stay_hidden(number):
    shown = mask(str(number))
    assert sum(char.isdigit() for char in shown) == 7
