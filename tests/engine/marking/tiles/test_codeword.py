"""The code that carries a copy id: exact, linear, and able to bear many wrong bits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.marking.tiles import codeword

IDS = st.integers(0, 2**48 - 1)


def test_the_check_is_crc_16_ccitt_false():
    assert codeword.crc16(b"123456789") == 0x29B1  # the catalogue's check value
    assert codeword.check_of(0x313233343536) == codeword.crc16(b"123456")


@given(IDS)
def test_an_id_comes_back_from_its_own_code(copy_id):
    assert codeword.decode(codeword.encode(copy_id).astype(float)) == copy_id


@given(IDS, IDS)
def test_many_at_once_are_the_same_as_one_by_one(first, second):
    rows = codeword.encode_many([first, second])
    assert rows.shape == (2, codeword.CODE_BITS)
    for copy_id, row in zip((first, second), rows, strict=True):
        assert (row == 2 * np.array(codeword._code_bits(copy_id)) - 1).all()


def test_noise_almost_as_strong_as_the_signal_is_borne():
    generator = np.random.default_rng(3)
    right = 0
    for _ in range(40):
        copy_id = int(generator.integers(2**48))
        right += (
            codeword.decode(codeword.encode(copy_id) + generator.normal(0, 0.9, codeword.CODE_BITS))
            == copy_id
        )
    assert right >= 39


def test_noise_alone_passes_the_check_about_once_in_65536():
    generator = np.random.default_rng(4)
    assert (
        sum(codeword.decode(generator.normal(size=codeword.CODE_BITS)) is not None for _ in range(300)) <= 1
    )


@pytest.mark.parametrize("copy_id", [-1, 2**48])
def test_an_id_of_another_length_is_refused(copy_id):
    with pytest.raises(ValueError, match="48 bits"):
        codeword.encode(copy_id)
