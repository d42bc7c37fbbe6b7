"""A frame comes back as it was sent, and anything else is refused without being run."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.sandbox.frames import FrameError, head_bytes, read_head

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=4), st.binary(max_size=64))
def test_a_frame_comes_back(head, content):
    stream = io.BytesIO(head_bytes(head) + content)
    assert read_head(stream) == head
    assert stream.read() == content


@given(st.binary(max_size=64))
def test_noise_is_refused(noise):
    with suppress(FrameError):
        assert isinstance(read_head(io.BytesIO(noise)), dict)


@pytest.mark.parametrize(
    "bad", [b"", b"\0\0", b"\0\0\0\5{}", b"\0\0\0\2[]", b"\xff\xff\xff\xff{}", b"\0\0\0\3{a}"]
)
def test_cut_or_foreign_heads_are_refused(bad):
    with pytest.raises(FrameError):
        read_head(io.BytesIO(bad))


def test_a_head_that_is_too_long_is_not_sent():
    with pytest.raises(FrameError):
        head_bytes({"x": "y" * (1 << 20)})
