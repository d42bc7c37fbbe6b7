"""A table finds what was put in and nothing else; a filter never denies what it holds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.inspection.matching.tables import Filter, Table

HASHES = st.lists(st.integers(0, 2**64 - 1) | st.sampled_from([0, 1 << 63, 2**64 - 1]), max_size=60)


@given(HASHES, HASHES, st.sampled_from([52, 60]))
@settings(deadline=None, max_examples=60)
def test_ranges_are_those_of_a_sorted_list(inside, asked, kept):
    hashes = np.array(inside, np.uint64)
    table = Table.of(hashes, np.arange(len(inside), dtype=np.uint32)[::-1].copy(), kept)
    again = Table.from_arrays(kept, table.arrays("x"), "x")
    wanted = np.array(inside + asked, np.uint64)
    low, high = again.ranges(wanted)
    for each, first, last in zip(wanted.tolist(), low.tolist(), high.tolist(), strict=True):
        owners = [
            len(inside) - 1 - at for at, other in enumerate(inside) if other >> 64 - kept == each >> 64 - kept
        ]
        assert table.numbers[first:last].tolist() == sorted(owners)


@given(HASHES, HASHES)
@settings(deadline=None, max_examples=60)
def test_a_table_can_be_made_anew_from_what_it_keeps(one, other):
    def made(hashes, numbers):
        return Table.of(np.array(hashes, np.uint64), np.array(numbers, np.uint32), 52)

    small = made(one, range(len(one)))
    grown = made(
        [*small.hashes().tolist(), *other], [*small.numbers.tolist(), *range(len(one), len(one + other))]
    )
    whole = made(one + other, range(len(one + other)))
    assert all((grown.arrays("")[name] == array).all() for name, array in whole.arrays("").items())


def test_large_buckets_are_searched_like_small_ones():
    hashes = np.repeat(np.random.default_rng(1).integers(0, 1 << 63, 50, np.uint64) * np.uint64(2), 1000)
    table = Table.of(hashes, np.arange(50_000, dtype=np.uint32), 60)
    low, high = table.ranges(hashes[::1000])
    assert (high - low == 1000).all()
    first, few = table.ranges(hashes[::1000], 16)
    assert (first == low).all()
    assert ((few >= low + 16) & (few <= high)).all()
    low, high = table.ranges(hashes[::1000] ^ np.uint64(1 << 10))
    assert (low == high).all()


@given(HASHES, HASHES, st.sampled_from([1, 2]))
@settings(deadline=None, max_examples=60)
def test_a_filter_never_denies_what_it_holds(one, other, probes):
    first, second = (Filter.of(np.array(each, np.uint64), 8, probes) for each in (one, other + other))
    for probe in range(probes):
        assert first.holds(np.array(one, np.uint64), probe).all()
    if probes == 1:
        assert (first | second).holds(np.array(one + other, np.uint64)).all()


def test_a_filter_denies_most_of_what_it_does_not_hold():
    some = np.random.default_rng(1).integers(0, 1 << 63, 20_000, np.uint64) * np.uint64(2)
    assert Filter.of(some[:10_000], 8).holds(some[10_000:]).mean() < 0.15
