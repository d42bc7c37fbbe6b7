"""Proofs made and verified per second in a ledger of a million entries, beside the bare hashing in them.

Reference, in the same run: `hashlib.sha256` over 65 bytes, as often as a proof has hashes, and nothing else.
Time is the processor time of this one process, so that others on the machine do not count.
Correctness first: proofs from stored nodes and from tiles are the same, verify, and fail for another entry.
Aim: a proof under 1 ms.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import sys
import time
from collections.abc import Callable

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.engine.evidence.log import MemoryNodes, consistency_proof, inclusion_proof, read_root, root_of
from shoumi.engine.evidence.proofs import InclusionProof, verify_consistency, verify_inclusion
from shoumi.engine.evidence.tiles import TILE_WIDTH, Tile, TileReader, tiles_of

ROUNDS = 7
AIM_MS = 1.0


def entry(index: int) -> bytes:
    """Return entry `index`, of the length entries have."""
    return b'{"v":1,"index":%012d}' % index + b"." * 230


class StoredTiles:
    """Tiles as the server keeps them: bytes by place."""

    def __init__(self, nodes: MemoryNodes, size: int) -> None:
        self.tiles = {}
        for tile in tiles_of(size):
            first, level = tile.index * TILE_WIDTH, 8 * (tile.level or 0)
            self.tiles[tile] = b"".join(nodes.node(level, first + at) for at in range(tile.width))

    def read_tile(self, tile: Tile) -> bytes:
        """Return the tile's hashes."""
        return self.tiles[tile]


def rate(work: Callable[[int], object], inputs: list[int]) -> float:
    """Return how often `work` is done per second of this process's own time."""
    began = time.process_time()
    for each in inputs:
        work(each)
    return len(inputs) / (time.process_time() - began)


def bare_hashing(count: int) -> Callable[[int], object]:
    """Return work that hashes two digests `count` times, as any proof of this length must."""
    sha256, left, right = hashlib.sha256, bytes(32), bytes(32)

    def work(_: int) -> object:
        node = right
        for _ in range(count):
            node = sha256(b"\x01" + left + node).digest()
        return node

    return work


def check(nodes: MemoryNodes, stored: StoredTiles, size: int, indexes: list[int]) -> None:
    """Assert that what is measured is right."""
    root = root_of(leaf_hash(entry(index)) for index in range(size))
    tiles = TileReader(stored, size)
    assert read_root(size, nodes) == read_root(size, tiles) == root
    for index in indexes[:200]:
        proof = inclusion_proof(index, size, nodes)
        assert proof == inclusion_proof(index, size, tiles)
        verify_inclusion(entry(index), proof, root)
        try:
            verify_inclusion(entry(index + 1), proof, root)
        except EvidenceError:
            pass
        else:
            raise AssertionError(index)
        step = consistency_proof(index, size, nodes)
        verify_consistency(step, read_root(index, nodes), root)


def main() -> int:
    """Run, print, and return 0 if the aim was met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--proofs", type=int, default=2_000, help="a round")
    args = parser.parse_args()
    size = args.entries
    began = time.perf_counter()
    nodes = MemoryNodes([leaf_hash(entry(index)) for index in range(size)])
    print(f"{size} entries hashed into a tree in {time.perf_counter() - began:.1f} s")
    source = random.Random(1)  # noqa: S311 - positions to measure, the same in every run
    indexes = [source.randrange(size) for _ in range(args.proofs)]
    stored = StoredTiles(nodes, size)
    check(nodes, stored, size, indexes)

    root, tiles = read_root(size, nodes), TileReader(stored, size)
    proofs: dict[int, InclusionProof] = {index: inclusion_proof(index, size, tiles) for index in indexes}
    steps = {index: (consistency_proof(index, size, nodes), read_root(index, nodes)) for index in indexes}
    hashes = round(statistics.mean(len(proof.path) for proof in proofs.values()))
    works: dict[str, Callable[[int], object]] = {
        "bare hashing": bare_hashing(hashes + 1),
        "make, from nodes": lambda index: inclusion_proof(index, size, nodes),
        "make, from tiles read before": lambda index: inclusion_proof(index, size, tiles),
        "make, from tiles read anew": lambda index: inclusion_proof(index, size, TileReader(stored, size)),
        "verify inclusion": lambda index: verify_inclusion(entry(index), proofs[index], root),
        "make consistency": lambda index: consistency_proof(index, size, nodes),
        "verify consistency": lambda index: verify_consistency(steps[index][0], steps[index][1], root),
    }
    rates: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            rates[name].append(rate(work, indexes))
    reference = statistics.median(rates["bare hashing"])
    print(f"a proof has {hashes} hashes; medians of {ROUNDS} rounds of {args.proofs}")
    for name, found in rates.items():
        per_second = statistics.median(found)
        ratio = per_second / reference
        print(f"{name:<30}{per_second:>10.0f} /s {1000 / per_second:>8.3f} ms  ratio {ratio:.2f}")
    slowest = 1000 / min(statistics.median(rates[name]) for name in rates if name.startswith("make"))
    print(f"slowest way to make a proof: {slowest:.3f} ms (aim: under {AIM_MS} ms)")
    return 0 if slowest < AIM_MS else 1


if __name__ == "__main__":
    sys.exit(main())
