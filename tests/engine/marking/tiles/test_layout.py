"""What the key decides about a tile, to the chip."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from shoumi.engine.marking.tiles import codeword
from shoumi.engine.marking.tiles.layout import CHIPS, DATA_CHIPS, SYNC_CHIPS, layout_of

KEY = bytes(range(32))


def test_a_third_is_sync_and_the_rest_data():
    layout = layout_of(KEY)
    assert (SYNC_CHIPS, DATA_CHIPS, CHIPS) == (1366, 2730, 4096)
    assert sorted([*layout.sync, *layout.data]) == list(range(CHIPS))


def test_the_tile_is_the_one_that_the_format_describes():
    """Built again here from `docs/formats/traceable-copy.md` alone, without numpy's help."""
    stream = hashlib.shake_256(b"shoumi traceable copy v1\0" + KEY).digest(CHIPS * 9)
    draws = [int.from_bytes(stream[8 * chip : 8 * chip + 8], "big") for chip in range(CHIPS)]
    order = sorted(range(CHIPS), key=lambda chip: draws[chip])
    sign = {chip: 1 if stream[8 * CHIPS + chip] & 1 else -1 for chip in range(CHIPS)}
    copy_id = 0x0123456789AB
    expected = {chip: sign[chip] for chip in order[:SYNC_CHIPS]}
    for place, chip in enumerate(order[SYNC_CHIPS:]):
        expected[chip] = sign[chip] * int(codeword.encode(copy_id)[place // 13])
    tile = layout_of(KEY).chips(copy_id)
    assert tile.reshape(-1).tolist() == [expected[chip] for chip in range(CHIPS)]


def test_light_and_dark_are_about_equal_and_two_keys_share_nothing():
    mine, other = layout_of(KEY).chips(5), layout_of(bytes(32)).chips(5)
    assert abs(int(mine.astype(int).sum())) < 4 * 64
    assert abs(int((mine.astype(int) * other).sum())) < 4 * 64


def test_scores_of_a_clean_tile():
    layout = layout_of(KEY)
    seen = layout.chips(77).astype(float)
    assert layout.sync_score(seen) == pytest.approx(SYNC_CHIPS**0.5)
    assert codeword.decode(layout.soft_bits(seen)) == 77
    assert abs(layout.sync_score(layout_of(bytes(32)).chips(77).astype(float))) < 4.5
    assert layout.sync_score(np.zeros((64, 64))) == 0


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        layout_of(b"short")
