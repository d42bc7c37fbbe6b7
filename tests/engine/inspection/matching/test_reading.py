"""What stands across the border of two blocks is read like anything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.matching import reading
from shoumi.engine.inspection.matching.folding import WALL, fold, text_of
from shoumi.engine.inspection.matching.reading import Joined
from shoumi.engine.inspection.values import Part, PartKind

TEXTS = st.lists(st.text(alphabet="a1张ｶﾞが゛ -\n𠮷", max_size=25), min_size=1, max_size=4)


@given(TEXTS, st.integers(1, 9), st.integers(1, 5))
def test_each_window_begins_in_one_block(texts, size, longest):
    joined = Joined.of([Part(PartKind.BODY, text) for text in texts])
    units, places = fold(WALL.join(texts))
    whole, kept = [], reading._BLOCK
    reading._BLOCK = size
    try:
        for block in joined.blocks(longest):
            assert block.first <= block.end or block.end == block.before == 0 or block.first >= block.end
            for start in range(block.first, block.end):
                assert start + block.before == len(whole)
                window = block.units[start : start + longest]
                whole.append((text_of(window), int(block.places[start])))
    finally:
        reading._BLOCK = kept
    expected = [(text_of(units[at : at + longest]), int(places[at])) for at in range(len(units))]
    assert whole == expected


def test_places_lead_to_parts():
    joined = Joined.of([Part(PartKind.BODY, text) for text in ("ab", "", "c")])
    assert joined.part_at(joined.starts).tolist() == [0, 1, 2]
