"""Proof verification against published probes, good and bad."""

from __future__ import annotations

import base64
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.hashes import EMPTY_ROOT, leaf_hash
from shoumi.engine.evidence.log import MemoryNodes, consistency_proof, inclusion_proof, root_of
from shoumi.engine.evidence.proofs import (
    ConsistencyError,
    ConsistencyProof,
    InclusionProof,
    ProofShapeError,
    RootMismatchError,
    verify_consistency,
    verify_inclusion,
    verify_leaf_inclusion,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "merkle"


def probes(kind):
    return [
        pytest.param(case, id=case["file"]) for case in json.loads((VECTORS / f"{kind}.json").read_bytes())
    ]


def raw(text):
    return base64.b64decode(text or "")


@pytest.mark.parametrize("case", probes("inclusion"))
def test_published_inclusion_probes(case):
    proof = InclusionProof(case["leafIdx"], case["treeSize"], tuple(map(raw, case["proof"] or ())))
    with pytest.raises(EvidenceError) if case["wantErr"] else nullcontext():
        verify_leaf_inclusion(raw(case["leafHash"]), proof, raw(case["root"]))


# The probes' authors refuse any step from the empty tree; tlog-witness lets a ledger's first step be one.
FROM_NOTHING = "consistency/additional/size1-is-zero-and-size2-is-not-zero.json"


@pytest.mark.parametrize("case", probes("consistency"))
def test_published_consistency_probes(case):
    proof = ConsistencyProof(case["size1"], case["size2"], tuple(map(raw, case["proof"] or ())))
    refused = case["wantErr"] and case["file"] != FROM_NOTHING
    with pytest.raises(EvidenceError) if refused else nullcontext():
        verify_consistency(proof, raw(case["root1"]), raw(case["root2"]))


LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]
NODES = MemoryNodes(LEAVES)


@given(st.data())
def test_any_change_of_an_inclusion_proof_is_refused(data):
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, NODES), root_of(LEAVES[:size])
    verify_inclusion(b"%d" % index, proof, root)
    path = list(proof.path)
    bad = [
        InclusionProof(index, size, (*path, bytes(32))),
        InclusionProof(index + size, size, tuple(path)),
        InclusionProof(index, index, tuple(path)),
    ]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        flipped = bytes([path[at][0] ^ 1]) + path[at][1:]
        bad += [
            InclusionProof(index, size, tuple(path[:-1])),
            InclusionProof(index, size, (*path[:at], flipped, *path[at + 1 :])),
            InclusionProof(index, size, (*path[:at], path[at][:31], *path[at + 1 :])),
        ]
    for each in bad:
        with pytest.raises((ProofShapeError, RootMismatchError)):
            verify_inclusion(b"%d" % index, each, root)
    with pytest.raises(RootMismatchError):
        verify_inclusion(b"%d!" % index, proof, root)


@given(st.data())
def test_any_change_of_a_consistency_proof_is_refused(data):
    new = data.draw(st.integers(1, len(LEAVES)))
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, NODES)
    roots = root_of(LEAVES[:old]), root_of(LEAVES[:new])
    verify_consistency(proof, *roots)
    with pytest.raises((ProofShapeError, ConsistencyError)):
        verify_consistency(ConsistencyProof(old, new, (*proof.path, bytes(32))), *roots)
    with pytest.raises((ProofShapeError, ConsistencyError)):
        verify_consistency(proof, bytes(32), roots[1])
    if proof.path:
        with pytest.raises((ProofShapeError, ConsistencyError)):
            verify_consistency(ConsistencyProof(old, new, proof.path[1:]), *roots)
        with pytest.raises((ProofShapeError, ConsistencyError)):
            verify_consistency(proof, roots[0], bytes(32))
    if old != new:
        with pytest.raises((ProofShapeError, ConsistencyError)):
            verify_consistency(ConsistencyProof(new, old, proof.path), roots[1], roots[0])


def test_nothing_is_consistent_with_everything_and_only_with_the_empty_root():
    verify_consistency(ConsistencyProof(0, 5, ()), EMPTY_ROOT, root_of(LEAVES[:5]))
    with pytest.raises(ConsistencyError):
        verify_consistency(ConsistencyProof(0, 5, ()), LEAVES[0], root_of(LEAVES[:5]))


def test_a_node_does_not_pose_as_a_leaf():
    root = root_of(LEAVES[:4])
    inner = LEAVES[0] + LEAVES[1]
    with pytest.raises(RootMismatchError):
        verify_inclusion(inner, InclusionProof(0, 2, (NODES.node(1, 1),)), root)
