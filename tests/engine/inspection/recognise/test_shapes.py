"""A shape fits exactly what Python's `re` says its pattern matches."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise import load_catalogue
from shoumi.engine.inspection.recognise.shapes import ShapeError, shape_of

PATTERNS = [kind.pattern for kind in load_catalogue().kinds if kind.way == "code"]


@given(st.sampled_from(PATTERNS), st.data())
def test_shapes_agree_with_expressions(pattern, data):
    text = data.draw(
        st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True) | st.text("0123456789ABEX", max_size=19)
    )
    fits = shape_of(pattern).fits(np.array([list(text.encode())], np.uint8).reshape(1, -1))
    assert fits.tolist() == [re.fullmatch(pattern, text, re.ASCII) is not None]


@pytest.mark.parametrize("pattern", ["a+", "[ab", "(?:a", "a{x}", ".", "a)", "(?:a|b){9}", "\\w"])
def test_what_is_beyond_the_subset_is_refused(pattern):
    with pytest.raises(ShapeError):
        shape_of(pattern)


@pytest.mark.parametrize(
    ("pattern", "digits"),
    [(r"[1-9AY][1-9]\d{6}[0-9A-Z]{10}", 8), (r"\d{4}", 4), (r"\d[A-Z]\d", 1), (r"\d{3}[0-9X]|[A-Z]\d{3}", 3)],
)
def test_a_shape_tells_how_many_digits_lead(pattern, digits):
    assert shape_of(pattern).leading == digits
