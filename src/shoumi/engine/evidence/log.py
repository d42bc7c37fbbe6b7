"""The append-only log: grow its root by one entry, and make proofs from stored nodes.

Source: RFC 9162, sections 2.1.1 (tree), 2.1.3.1 (inclusion) and 2.1.4.1 (consistency).
Pure: storage hands in the nodes through `NodeReader` and keeps what `append` completes.
Checking proofs is `proofs`' task; nothing here signs or trusts anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shoumi.engine.errors import InputError
from shoumi.engine.evidence.hashes import EMPTY_ROOT, Digest, node_hash
from shoumi.engine.evidence.proofs import ConsistencyProof, InclusionProof


class ProofRangeError(InputError):
    """A proof was asked for an entry or a size the log does not have."""

    code = "input.proof_range"
    message = "There is no proof for {asked} in a ledger of {size} entries."


class CompactRangeError(InputError):
    """The size and the number of hashes of a stored frontier contradict each other."""

    code = "input.compact_range"
    message = "A frontier over {size} entries has {expected} hashes, not {count}."


class NodeReader(Protocol):
    """The stored nodes of complete subtrees."""

    def node(self, level: int, index: int) -> Digest:
        """Return the hash over the leaves from `index << level`, `1 << level` of them, all present."""
        ...


@dataclass(frozen=True, slots=True)
class CompletedNode:
    """A node whose subtree an append has just filled; it never changes again."""

    level: int  # 0 is the leaf itself
    index: int  # position among the nodes of that level, 0-based
    hash: Digest


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The right edge of the tree: all that is needed to append and to compute the root.

    Immutable, so that a transaction rolled back leaves the previous edge untouched.
    """

    size: int = 0  # entries in the log
    hashes: tuple[Digest, ...] = ()  # roots of the complete subtrees, the largest first

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise CompactRangeError(
                size=self.size, expected=max(self.size, 0).bit_count(), count=len(self.hashes)
            )

    def append(self, leaf: Digest) -> CompactRange:
        """Return the edge after one more entry with leaf hash `leaf`."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[Digest]) -> CompactRange:
        """Return the edge after the entries with the leaf hashes `leaves`, in order."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            carried, rest = leaf, size
            while rest & 1:
                carried = node_hash(hashes.pop(), carried)
                rest >>= 1
            hashes.append(carried)
            size += 1
        return CompactRange(size, tuple(hashes))

    def append_nodes(self, leaf: Digest) -> tuple[CompactRange, tuple[CompletedNode, ...]]:
        """Return the edge after `leaf`, and every node it completed, the leaf first."""
        hashes = list(self.hashes)
        node = CompletedNode(0, self.size, leaf)
        completed = [node]
        while node.index & 1:
            node = CompletedNode(node.level + 1, node.index >> 1, node_hash(hashes.pop(), node.hash))
            completed.append(node)
        hashes.append(node.hash)
        return CompactRange(self.size + 1, tuple(hashes)), tuple(completed)

    def root(self) -> Digest:
        """Return the root over all entries; of an empty log, the SHA-256 of nothing."""
        if not self.hashes:
            return EMPTY_ROOT
        result = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            result = node_hash(left, result)
        return result


def root_of(leaf_hashes: Iterable[Digest]) -> Digest:
    """Return the root over `leaf_hashes`, holding only the right edge in memory."""
    return CompactRange().extend(leaf_hashes).root()


class MemoryNodes:
    """A `NodeReader` over leaf hashes held in memory: for small ledgers, packages and tests."""

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: Sequence[Digest]) -> None:
        self._levels: list[list[Digest]] = [list(leaf_hashes)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)  # an odd last node waits for its sibling
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def node(self, level: int, index: int) -> Digest:
        """Return the node, as `NodeReader` says."""
        return self._levels[level][index]


def read_compact_range(size: int, reader: NodeReader) -> CompactRange:
    """Return the right edge of the first `size` entries, read from stored nodes."""
    return CompactRange(size, tuple(_edge(0, size, reader)))


def read_root(size: int, reader: NodeReader) -> Digest:
    """Return the root over the first `size` entries, read from stored nodes."""
    return read_compact_range(size, reader).root()


def inclusion_proof(index: int, size: int, reader: NodeReader) -> InclusionProof:
    """Return the proof that entry `index` lies under the root of the first `size` entries.

    Work: about twice log2(`size`) node reads at most.

    Raises:
        ProofRangeError: `index` is not within `0 … size - 1`.
    """
    if not 0 <= index < size:
        raise ProofRangeError(asked=f"entry {index}", size=size)
    path: list[Digest] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_root(middle, end, reader))
            end = middle
        else:
            path.append(_root(begin, middle, reader))
            begin = middle
    return InclusionProof(index, size, tuple(reversed(path)))


def consistency_proof(old_size: int, new_size: int, reader: NodeReader) -> ConsistencyProof:
    """Return the proof that the first `new_size` entries begin with the first `old_size`.

    From an empty log, and between equal sizes, the proof is empty.  Work as for `inclusion_proof`.

    Raises:
        ProofRangeError: `old_size` is not within `0 … new_size`.
    """
    if not 0 <= old_size <= new_size:
        raise ProofRangeError(asked=f"the step from {old_size} to {new_size} entries", size=new_size)
    if old_size in (0, new_size):
        return ConsistencyProof(old_size, new_size, ())
    path: list[Digest] = []
    begin, end = 0, new_size
    while old_size != end:
        middle = begin + _split(end - begin)
        if old_size <= middle:
            path.append(_root(middle, end, reader))
            end = middle
        else:
            path.append(_root(begin, middle, reader))
            begin = middle
    if begin:  # an earlier tree that ends inside the later one: its last complete part opens the path
        path.append(_root(begin, end, reader))
    return ConsistencyProof(old_size, new_size, tuple(reversed(path)))


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _edge(begin: int, end: int, reader: NodeReader) -> list[Digest]:
    """Return the complete subtrees that make up leaves `begin … end - 1`, the largest first."""
    nodes: list[Digest] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(reader.node(level, begin >> level))
        begin += 1 << level
    return nodes


def _root(begin: int, end: int, reader: NodeReader) -> Digest:
    """Return the root over leaves `begin … end - 1`, where `begin` is aligned as RFC 9162 splits."""
    nodes = _edge(begin, end, reader)
    result = nodes.pop()
    while nodes:
        result = node_hash(nodes.pop(), result)
    return result
