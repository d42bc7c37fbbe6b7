"""Proofs over the Merkle tree: an entry lies under a root, and a later root continues an earlier one.

Source: RFC 9162, sections 2.1.3.2 (inclusion) and 2.1.4.2 (consistency).
Pure: no clock, no storage, no network.  Making proofs is `log`'s task, trusting a root `checkpoint`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.hashes import DIGEST_BYTES, EMPTY_ROOT, Digest, leaf_hash, node_hash


class ProofShapeError(EvidenceError):
    """The numbers or the length of the path do not fit each other; no hash was compared."""

    code = "evidence.proof_shape"
    message = "The proof does not fit the tree: {reason}."


class RootMismatchError(EvidenceError):
    """The proof is well formed but ends at another root: something was altered."""

    code = "evidence.root_mismatch"
    message = "The proof leads to another root than the one signed."


class ConsistencyError(EvidenceError):
    """The two roots do not belong to one growing ledger: it was rewritten, or two ledgers exist."""

    code = "evidence.inconsistent"
    message = "The ledger of {new_size} entries does not continue the one of {old_size} entries."


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Where an entry sits, and the sibling hashes on its way to the root."""

    leaf_index: int  # 0-based position in the ledger
    tree_size: int  # leaves under the checkpoint, at least 1
    path: tuple[Digest, ...]  # SHA-256, 32 bytes each, lowest level first


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """The hashes that let anybody compute an earlier and a later root from the same nodes."""

    old_size: int  # leaves under the earlier checkpoint, 0 or more
    new_size: int  # leaves under the later one, at least `old_size`
    path: tuple[Digest, ...]  # SHA-256, 32 bytes each, in the order of RFC 9162


def verify_inclusion(entry: bytes, proof: InclusionProof, root: Digest) -> None:
    """Return if `entry` lies under `root`; raise otherwise.

    The caller has already verified the checkpoint signature `root` came from; this function trusts
    `root` and nothing else.  Work: one SHA-256 per hash in the path.

    Raises:
        ProofShapeError: the index or the path length does not fit the tree.
        RootMismatchError: the path leads to a root other than `root`.
    """
    verify_leaf_inclusion(leaf_hash(entry), proof, root)


def verify_leaf_inclusion(leaf: Digest, proof: InclusionProof, root: Digest) -> None:
    """Return if the entry with leaf hash `leaf` lies under `root`; raise as `verify_inclusion` does."""
    if root_of_inclusion(leaf, proof) != root:
        raise RootMismatchError


def root_of_inclusion(leaf: Digest, proof: InclusionProof) -> Digest:
    """Return the root that `proof` leads to from the leaf hash `leaf`.

    Raises:
        ProofShapeError: the index or the path length does not fit the tree.
    """
    index, last = proof.leaf_index, proof.tree_size - 1
    if not 0 <= index <= last:
        raise ProofShapeError(reason=f"entry {index} of {proof.tree_size}")
    inner = (index ^ last).bit_length()  # levels where the entry's subtree is complete
    expected = inner + (index >> inner).bit_count()
    if len(proof.path) != expected:
        raise ProofShapeError(reason=f"{len(proof.path)} hashes where {expected} are needed")
    _check_widths((leaf, *proof.path))
    result = leaf
    for sibling in proof.path[:inner]:
        result = node_hash(sibling, result) if index & 1 else node_hash(result, sibling)
        index >>= 1
    for sibling in proof.path[inner:]:
        result = node_hash(sibling, result)
    return result


def verify_consistency(proof: ConsistencyProof, old_root: Digest, new_root: Digest) -> None:
    """Return if the ledger under `new_root` begins with the one under `old_root`; raise otherwise.

    Both roots are trusted as given.  Work: two SHA-256 per hash in the path at most.

    Raises:
        ProofShapeError: the sizes or the path length do not fit each other.
        ConsistencyError: the path leads to other roots.
    """
    old, new = proof.old_size, proof.new_size
    if not 0 <= old <= new:
        raise ProofShapeError(reason=f"from {old} to {new} entries")
    _check_widths(proof.path)
    if old in (0, new):
        if proof.path:
            raise ProofShapeError(reason=f"from {old} to {new} entries no hash is needed")
        if (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise ConsistencyError(old_size=old, new_size=new)
        return
    roots = _roots_of_consistency(proof, old_root)
    if roots != (old_root, new_root):
        raise ConsistencyError(old_size=old, new_size=new)


def _roots_of_consistency(proof: ConsistencyProof, old_root: Digest) -> tuple[Digest, Digest]:
    """Return the earlier and the later root the path leads to (RFC 9162, 2.1.4.2, steps 3 to 6)."""
    path = list(proof.path)
    if proof.old_size & (proof.old_size - 1) == 0:
        path.insert(0, old_root)  # a complete earlier tree is itself the first node
    node, last = proof.old_size - 1, proof.new_size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    if not path:
        raise ProofShapeError(reason="no hash where at least one is needed")
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofShapeError(reason="more hashes than levels")
        if node & 1 or node == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    if last:
        raise ProofShapeError(reason="fewer hashes than levels")
    return old, new


def _check_widths(path: tuple[Digest, ...]) -> None:
    if any(len(item) != DIGEST_BYTES for item in path):
        raise ProofShapeError(reason="a hash is not 32 bytes long")
