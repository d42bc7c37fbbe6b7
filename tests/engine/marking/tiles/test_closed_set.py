"""The decision among issued ids: right where the check fails, and silent about strangers."""

from __future__ import annotations

import numpy as np
import pytest

from shoumi.engine.marking.tiles import codeword
from shoumi.engine.marking.tiles.closed_set import closest


@pytest.fixture(scope="module")
def issued():
    return [int(each) for each in np.random.default_rng(1).integers(0, 2**48, 20_000)]


def test_the_right_one_of_twenty_thousand_where_the_check_has_failed(issued):
    generator = np.random.default_rng(2)
    right = 0
    for copy_id in issued[:6]:
        soft = codeword.encode(copy_id) + generator.normal(0, 1.6, codeword.CODE_BITS)
        match = closest(soft, issued)
        assert match.among == len(issued)
        if match.clear:
            assert match.copy_id == copy_id
            right += 1
    assert right >= 4


def test_a_stranger_and_noise_resemble_nobody(issued):
    generator = np.random.default_rng(5)
    stranger = codeword.encode(2**48 - 1) + generator.normal(0, 0.5, codeword.CODE_BITS)
    assert not closest(stranger, issued).clear
    for _ in range(5):
        assert not closest(generator.normal(size=codeword.CODE_BITS), issued).clear


def test_one_id_and_none_and_twice_the_same():
    soft = codeword.encode(7).astype(float)
    assert closest(soft, []) is None
    assert closest(soft, [7, 7]).clear
    assert not closest(np.zeros(codeword.CODE_BITS), [7]).clear
