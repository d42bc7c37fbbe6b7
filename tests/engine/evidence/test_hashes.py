"""Leaf and node hashes against published ones; both hashes of a stream in one reading."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from shoumi.engine.evidence import hashes

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/merkle/hashes.json").read_bytes())


def test_published_hashes():
    assert hashes.EMPTY_ROOT.hex() == VECTORS["empty_root"]
    assert hashes.leaf_hash(b"").hex() == VECTORS["empty_leaf"]
    assert hashes.leaf_hash(VECTORS["leaf"]["data"].encode()).hex() == VECTORS["leaf"]["hash"]
    node = VECTORS["node"]
    assert hashes.node_hash(node["left"].encode(), node["right"].encode()).hex() == node["hash"]


def test_sm3_of_the_standard_example():
    """GB/T 32905-2016, appendix A.1."""
    assert hashes.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashes.sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_stream_is_read_once_for_both_hashes():
    content = bytes(range(256)) * 10_000
    digests = hashes.digests_of(io.BytesIO(content))
    assert digests == hashes.FileDigests(
        hashlib.sha256(content).hexdigest(), hashes.sm3(content).hex(), len(content)
    )


def test_without_sm3_the_reason_is_told(monkeypatch):
    def refuse(name):
        raise ValueError(name)

    monkeypatch.setattr(hashlib, "new", refuse)
    with pytest.raises(hashes.SM3MissingError, match="SM3"):
        hashes.sm3(b"")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_digest_has_32_bytes(length):
    with pytest.raises(hashes.DigestShapeError):
        hashes.as_digest(bytes(length))


def test_a_database_gives_memory_views():
    assert hashes.as_digest(memoryview(bytes(32))) == bytes(32)
