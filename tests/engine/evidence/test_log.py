"""The growing tree against the recursive definitions of RFC 9162, for every size up to 130."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.evidence.hashes import EMPTY_ROOT, leaf_hash, node_hash
from shoumi.engine.evidence.log import (
    CompactRange,
    CompactRangeError,
    MemoryNodes,
    ProofRangeError,
    consistency_proof,
    inclusion_proof,
    read_compact_range,
    read_root,
    root_of,
)
from shoumi.engine.evidence.proofs import verify_consistency, verify_inclusion

ENTRIES = [b"entry %d" % number for number in range(130)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
NODES = MemoryNodes(LEAVES)


def split(count):
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def mth(leaves):
    """RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m, leaves):
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, whole):
    """RFC 9162, 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


ROOTS = [mth(LEAVES[:size]) for size in range(131)]


def test_roots_of_all_sizes():
    edge = CompactRange()
    for size in range(130):
        assert edge.root() == ROOTS[size] == root_of(LEAVES[:size]) == read_root(size, NODES)
        assert edge == read_compact_range(size, NODES)
        edge = edge.append(LEAVES[size])
    assert edge.root() == ROOTS[130]


def test_inclusion_proofs_of_all_sizes_up_to_40():
    for size in range(1, 41):
        for index in range(size):
            proof = inclusion_proof(index, size, NODES)
            assert list(proof.path) == path(index, LEAVES[:size])
            verify_inclusion(ENTRIES[index], proof, ROOTS[size])


def test_consistency_proofs_of_all_sizes_up_to_40():
    for new in range(41):
        for old in range(new + 1):
            proof = consistency_proof(old, new, NODES)
            assert list(proof.path) == (subproof(old, LEAVES[:new], True) if old else [])
            verify_consistency(proof, ROOTS[old], ROOTS[new])


@given(st.integers(1, 130).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_larger_proofs(size_and_index):
    size, index = size_and_index
    assert list(inclusion_proof(index, size, NODES).path) == path(index, LEAVES[:size])
    assert list(consistency_proof(index + 1, size, NODES).path) == subproof(index + 1, LEAVES[:size], True)


def test_what_an_append_completes_is_all_that_is_ever_read():
    stored = {}
    edge = CompactRange()
    for size, leaf in enumerate(LEAVES, start=1):
        edge, completed = edge.append_nodes(leaf)
        for node in completed:
            assert (node.level, node.index) not in stored
            stored[node.level, node.index] = node.hash
        assert edge.root() == ROOTS[size]
    assert stored == {
        (level, index): NODES.node(level, index) for level in range(8) for index in range(130 >> level)
    }


class CountingNodes:
    """Counts the reads of a proof."""

    def __init__(self):
        self.reads = 0

    def node(self, level, index):
        self.reads += 1
        return bytes(32)


def test_a_proof_reads_few_nodes():
    nodes = CountingNodes()
    inclusion_proof(777_777, 1_000_003, nodes)
    consistency_proof(777_777, 1_000_003, nodes)
    assert nodes.reads <= 80


def test_a_frontier_that_contradicts_its_size_is_refused():
    with pytest.raises(CompactRangeError):
        CompactRange(3, (bytes(32),))
    with pytest.raises(CompactRangeError):
        CompactRange(-1, ())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_no_inclusion_proof_beyond_the_log(index, size):
    with pytest.raises(ProofRangeError):
        inclusion_proof(index, size, NODES)


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_no_consistency_proof_backwards(old, new):
    with pytest.raises(ProofRangeError):
        consistency_proof(old, new, NODES)
