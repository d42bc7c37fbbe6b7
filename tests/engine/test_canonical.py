"""Canonical JSON against RFC 8785's own cases, and the fast path against the slow one."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.canonical import (
    MAX_INTEGER,
    NotCanonicalError,
    _is_plain,
    _write,
    canonical_bytes,
    format_number,
)

VECTORS = Path(__file__).parent.parent / "vectors" / "jcs"

numbers = st.integers(-MAX_INTEGER, MAX_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "case", json.loads((VECTORS / "objects.json").read_bytes()), ids=lambda case: case["name"]
)
def test_published_objects(case):
    assert canonical_bytes(json.loads(case["input"])) == case["output"].encode()


def published_numbers(start: list[str], count: int):
    """The sequence of doubles the published checksums are over."""
    for bits in start:
        yield int(bits, 16)
    yield from range(0x0010000000000000, 0x0010000000000000 + 2000)
    block, left = bytes(32), b""
    for _ in range(count):
        value = 0.0
        while value == 0.0 or not math.isfinite(value):
            if not left:
                block = left = hashlib.sha256(block).digest()
            value, left = struct.unpack("<d", left[:8])[0], left[8:]
        yield struct.unpack("<Q", struct.pack("<d", value))[0]


def test_published_numbers():
    vector = json.loads((VECTORS / "numbers.json").read_bytes())
    checksums = {case["lines"]: case["sha256"] for case in vector["checksums"]}
    hasher = hashlib.sha256()
    for line, bits in enumerate(published_numbers(vector["start"], 100_000), start=1):
        value = struct.unpack("<d", struct.pack("<Q", bits))[0]
        hasher.update(f"{bits:x},{format_number(value)}\n".encode())
        if line in checksums:
            assert hasher.hexdigest() == checksums[line], line
        if line == 100_000:
            return


@given(values)
def test_reading_gives_the_value_back_and_writing_again_the_same_bytes(value):
    data = canonical_bytes(value)
    assert json.loads(data, parse_int=float) == value  # as readers do that know doubles only
    assert canonical_bytes(json.loads(data)) == data


@given(values)
def test_both_paths_write_the_same(value):
    if _is_plain(value):
        assert canonical_bytes(value) == _write(value).encode()


@given(st.dictionaries(texts, st.integers(0, 9)))
def test_keys_are_sorted_by_utf16_units(value):
    keys = list(json.loads(canonical_bytes(value)))
    assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))


def test_a_key_beyond_the_basic_plane_stands_before_the_private_use_area():
    assert canonical_bytes({"\ue000": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ue000":1}'.encode()


def test_tuples_are_arrays_and_enums_their_values():
    assert canonical_bytes({"a": (1, (2,))}) == b'{"a":[1,[2]]}'


class Word(str):
    __slots__ = ()


def test_subclasses_of_text_are_text():
    assert canonical_bytes({Word("b"): Word("x"), "a": True}) == b'{"a":true,"b":"x"}'


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        [1.0, math.nan],
        {1: "a"},
        {None: "a"},
        {("a",): 1},
        {True: 1},
        {"a": {2: 3}},
        "\ud800",
        {"\udfff": 1},
        {"a": ["x\ud800y"]},
        MAX_INTEGER + 2,
        [-MAX_INTEGER - 2],
        10**400,
        b"bytes",
        {"a": {1, 2}},
        pytest.param(object(), id="object"),
        {"when": Path("/")},
    ],
    ids=repr,
)
def test_what_json_readers_would_disagree_about_is_refused(value):
    with pytest.raises(NotCanonicalError):
        canonical_bytes(value)


def test_a_circle_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(NotCanonicalError):
        canonical_bytes(value)
    with pytest.raises(NotCanonicalError):
        canonical_bytes({"é": value})


@pytest.mark.parametrize("value", [2.0**53, 1e20, 123456789012345680000.0, -(2.0**60)])
def test_a_large_double_read_back_as_an_integer_is_written_the_same(value):
    data = canonical_bytes(value)
    assert canonical_bytes(json.loads(data)) == data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (4.50, "4.5"),
    ],
)
def test_numbers_change_their_form_where_ecmascript_does(value, text):
    assert format_number(value) == text
