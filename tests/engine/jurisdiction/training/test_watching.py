"""Stretches of a video: joined in any order, believed at a possible pace, seen when nearly all was played."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.training import (
    StretchError,
    TooFastError,
    all_watched,
    percent_watched,
    verify_pace,
    watched,
)

LENGTH = 600
STRETCHES = st.lists(
    st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda pair: pair[0] < pair[1]),
    min_size=1,
    max_size=12,
)


def told(stretches):
    return reduce(lambda before, one: watched(before, *one, length=LENGTH), stretches, ())


@given(STRETCHES)
def test_what_was_watched_is_the_union_of_what_was_told(stretches):
    moments = {moment for start, end in stretches for moment in range(start, end)}
    found = told(stretches)
    assert {moment for start, end in found for moment in range(start, end)} == moments
    assert all(before[1] < after[0] for before, after in pairwise(found))
    assert percent_watched(found, LENGTH) == 100 * len(moments) // LENGTH


@given(STRETCHES, st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(stretches, random):
    other = list(stretches)
    random.shuffle(other)
    assert told(stretches) == told(other)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (590, 601)])
def test_a_stretch_outside_the_video_is_refused(start, end):
    with pytest.raises(StretchError):
        watched((), start, end, length=LENGTH)


def test_nearly_all_is_all_and_less_is_not():
    assert all_watched(((0, 582),), LENGTH)
    assert not all_watched(((0, 575),), LENGTH)
    assert not all_watched((), 0)


def test_the_pace_is_believed_up_to_twice_the_speed_and_a_moment():
    verify_pace(0, 23_000, passed_ms=10_000)
    with pytest.raises(TooFastError):
        verify_pace(0, 23_001, passed_ms=10_000)


def test_waiting_earns_no_more_than_a_minute():
    verify_pace(0, 123_000, passed_ms=3_600_000)
    with pytest.raises(TooFastError):
        verify_pace(0, 123_001, passed_ms=3_600_000)
