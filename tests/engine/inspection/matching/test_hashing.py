"""SipHash against its authors' vectors, and the rolling hash against its definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.matching.errors import IndexKeyError
from shoumi.engine.inspection.matching.hashing import Rolling, siphash, subkey

KEY = bytes(range(16))
VECTORS = {  # reference implementation, vectors_sip64, inputs of even length
    0: "310e0edd47db6f72",
    2: "5a4fa9d909806c0d",
    4: "b7877127e09427cf",
}


@pytest.mark.parametrize(("length", "hexadecimal"), [(0, VECTORS[0]), (2, VECTORS[2]), (4, VECTORS[4])])
def test_siphash_gives_the_published_vectors(length, hexadecimal):
    rows = np.frombuffer(bytes(range(length)), "<u2").reshape(1, length // 2)
    assert siphash(rows, KEY)[0].tobytes().hex() == hexadecimal


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=70), st.data())
def test_windows_hash_like_rows(units, data):
    rolling = Rolling.of(b"seed")
    array = np.array(units, np.uint16)
    length = data.draw(st.integers(1, len(units)))
    start = data.draw(st.integers(0, len(units) - length))
    alone = rolling.rows(array[None, start : start + length])[0]
    assert rolling.windows(rolling.sums(array), np.array([start]), length)[0] == alone
    assert rolling.every(array, length)[start] == alone


def test_another_seed_gives_other_hashes():
    row = np.array([[1, 2, 3]], np.uint16)
    assert Rolling.of(b"a").rows(row)[0] != Rolling.of(b"b").rows(row)[0]
    assert siphash(row, KEY)[0] != siphash(row, bytes(16))[0]


def test_keys_have_32_bytes():
    with pytest.raises(IndexKeyError):
        subkey(b"short", "use")
    assert subkey(bytes(32), "one") != subkey(bytes(32), "other")
