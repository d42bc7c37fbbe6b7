"""Hits that no chain can need are dropped, and none that one may need; chains are measured together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.fingerprint.chains import DRIFT, GAP, STEADY, Hits, covers, supported, wanders
from shoumi.engine.inspection.fingerprint.documents import GRAM

LEAST, END = 4, 40_000
NEAR_EACH_OTHER = st.tuples(
    st.integers(0, END - 1), st.integers(0, 1 << 32), st.integers(1, 7), st.integers(-40, 40)
)


def hits_of(rows):
    text, document = (np.array([row[at] for row in rows], np.int64) for at in (0, 1))
    return Hits(text, document, text, text + 1)


def by_definition(hits):
    """Return the numbers of the hits that stay: those of a band of enough, and those near the borders."""
    diagonal = (hits.text - hits.document).tolist()
    order = sorted(range(len(diagonal)), key=diagonal.__getitem__)
    stays = {at for at in order if not LEAST * GAP <= hits.text[at] < END - LEAST * GAP}
    band = order[:1]
    for at in [*order[1:], None]:
        if at is None or diagonal[at] - diagonal[band[-1]] > DRIFT:
            stays.update(band if len(band) >= LEAST else ())
            band = []
        band.append(at)
    return sorted(stays)


@given(st.lists(NEAR_EACH_OTHER, min_size=1, max_size=30))
def test_what_has_enough_beside_it_stays(groups):
    rows = [
        (min(text + 5 * step, END - 1), document + 5 * step + step * drift % 11)
        for text, document, count, drift in groups
        for step in range(count)
    ]
    hits = hits_of(rows)
    numbered = Hits(hits.text, hits.document, np.arange(len(rows)), hits.ends)
    assert supported(numbered.text, numbered.document, LEAST, 0, END).tolist() == by_definition(hits)


PLACES = st.tuples(st.integers(0, 3), st.integers(0, 90))


@given(st.lists(PLACES, max_size=30))
def test_what_the_places_of_each_group_cover_is_counted_once(pairs):
    groups, places = np.array(pairs, np.int64).reshape(-1, 2).T
    named, counts = covers(groups, places)
    assert named.tolist() == sorted(set(groups.tolist()))
    for group, count in zip(named.tolist(), counts.tolist(), strict=True):
        covered = {unit for its, place in pairs if its == group for unit in range(place, place + GRAM)}
        assert count == len(covered)


@given(st.lists(st.lists(PLACES, min_size=1, max_size=12), min_size=1, max_size=4))
def test_how_far_each_chain_wanders_is_what_it_does_alone(chains):
    chains = [sorted((place, document) for document, place in chain) for chain in chains]
    text, document = np.array([pair for chain in chains for pair in chain], np.int64).T
    begin = np.cumsum([0, *map(len, chains[:-1])])
    expected = []
    for chain in chains:
        first = {}
        for place, other in chain:
            first.setdefault(place, place - other)
        diagonals = list(first.values())
        steps = [abs(after - before) for before, after in pairwise(diagonals)]
        expected.append(sum(max(0, step - STEADY) for step in steps))
    assert wanders(Hits(text, document, text, text), begin).tolist() == expected
