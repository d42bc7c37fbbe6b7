"""An index opens with its key as it was made, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.inspection.matching.container import seal, unseal
from shoumi.engine.inspection.matching.errors import IndexAlteredError, NotAnIndexError, OtherKeyError
from shoumi.engine.inspection.matching.hashing import subkey

KEY = bytes(range(32))
ARRAYS = {"one": np.arange(400_000, dtype=np.uint32), "none": np.zeros(0, np.uint8)}
SEALED = seal(b"test", {"name": "秘"}, ARRAYS, KEY)


def test_what_was_sealed_comes_back_and_cannot_be_written():
    meta, arrays = unseal(SEALED, b"test", KEY)
    assert meta == {"name": "秘"}
    assert {name: array.tolist() for name, array in arrays.items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    with pytest.raises(ValueError, match="read-only"):
        arrays["one"][0] = 1


def test_a_file_opens_like_its_bytes(tmp_path):
    path = tmp_path / "index"
    path.write_bytes(SEALED)
    assert unseal(path, b"test", KEY)[0] == {"name": "秘"}
    path.write_bytes(SEALED[:40])
    with pytest.raises(NotAnIndexError):
        unseal(path, b"test", KEY)


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_no_bit_can_be_altered(at, change):
    altered = bytearray(SEALED)
    altered[at] ^= change
    with pytest.raises((IndexAlteredError, NotAnIndexError, OtherKeyError)):
        unseal(bytes(altered), b"test", KEY)


@pytest.mark.parametrize("length", [72, 1000, len(SEALED) - 1, 72 + (1 << 20) + 16])
def test_no_part_can_be_missing(length):
    with pytest.raises(IndexAlteredError):
        unseal(SEALED[:length], b"test", KEY)
    with pytest.raises(IndexAlteredError):
        unseal(SEALED + b"\0", b"test", KEY)


def test_chunks_cannot_change_places():
    chunk = (1 << 20) + 16
    body = SEALED[72:]
    other = seal(b"test", {"name": "开"}, ARRAYS, KEY)
    with pytest.raises(IndexAlteredError):
        unseal(SEALED[:72] + body[chunk:] + body[:chunk], b"test", KEY)
    with pytest.raises(IndexAlteredError):
        unseal(SEALED[: 72 + chunk] + other[72 + chunk :], b"test", KEY)


def test_another_key_or_kind_gives_nothing():
    with pytest.raises(OtherKeyError):
        unseal(SEALED, b"test", bytes(32))
    with pytest.raises(NotAnIndexError):
        unseal(SEALED, b"else", KEY)


def test_equal_content_has_equal_bytes_and_unequal_content_nothing_in_common():
    assert seal(b"test", {"name": "秘"}, ARRAYS, KEY) == SEALED
    other = seal(b"test", {"name": "开"}, ARRAYS, KEY)
    assert other[40:72] != SEALED[40:72]
    assert other[72 + 5000 : 72 + 5064] != SEALED[72 + 5000 : 72 + 5064]
    assert subkey(KEY, "shoumi index key id", 16) == SEALED[24:40]
    assert b'"arrays"' not in SEALED
