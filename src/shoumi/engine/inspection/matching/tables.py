"""Sorted tables of 64-bit hashes, looked up millions at a time: a filter of bits, buckets, then the rest.

Source: the leading bits of a hash name its bucket and are not kept, as in the quotient filter of Bender and
others (2012); the bits after them are kept, sorted within the bucket, beside a number that says what they
belong to.  How many bits of a hash count is fixed for a kind of index, so that a table can grow without the
hashes.  It does not hash and does not know what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.matching.hashing import Hashes

Numbers = npt.NDArray[np.uint32]
Ranks = npt.NDArray[np.int64]

_FULL: Final = 3  # entries a bucket holds on average, at least, and less than twice as many at most
_WORD: Final = 32
_AT_ONCE: Final = 4  # entries of a bucket looked at before a search


@dataclass(frozen=True, slots=True)
class Table:
    """Hashes, sorted, and the number of each."""

    kept: int  # leading bits of a hash that count
    bits: int  # leading bits that name the bucket
    starts: Numbers  # of each bucket, and the end
    rests: Numbers  # the last 32 of the bits that count
    tails: npt.NDArray[Any]  # those between bucket and rest; empty if there are none
    numbers: Numbers

    @classmethod
    def of(cls, hashes: Hashes, numbers: Numbers, kept: int) -> Table:
        """Return a table; entries equal in what counts of the hash are ordered by number."""
        bits = max(0, (len(hashes) // _FULL).bit_length() - 1)
        hashes, numbers = _sorted(hashes >> np.uint64(64 - kept), numbers, kept)
        rest = kept - bits
        edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(rest)
        starts = np.append(np.searchsorted(hashes, edges), len(hashes)).astype(np.uint32)
        between = (hashes & np.uint64((1 << rest) - 1)) >> np.uint64(_WORD)
        tails = between.astype(_narrowest(rest)) if rest > _WORD else np.zeros(0, np.uint8)
        return cls(kept, bits, starts, hashes.astype(np.uint32), tails, numbers)

    @classmethod
    def from_arrays(cls, kept: int, arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> Table:
        """Return a table whose arrays were kept by `arrays`."""
        starts, *others = (arrays[f"{prefix}.{name}"] for name in ("starts", "rests", "tails", "numbers"))
        return cls(kept, (len(starts) - 1).bit_length() - 1, starts, *others)

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays to keep, by name."""
        return {
            f"{prefix}.starts": self.starts,
            f"{prefix}.rests": self.rests,
            f"{prefix}.tails": self.tails,
            f"{prefix}.numbers": self.numbers,
        }

    def hashes(self) -> Hashes:
        """Return what counts of all hashes, in order, in the leading bits of a word."""
        counts = self.starts[1:].astype(np.int64) - self.starts[:-1]
        whole = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
        whole <<= np.uint64(self.kept - self.bits)
        whole |= self.rests
        if len(self.tails):
            whole |= self.tails.astype(np.uint64) << np.uint64(_WORD)
        whole <<= np.uint64(64 - self.kept)
        return whole

    def ranges(self, hashes: Hashes, most: int = 1 << _WORD) -> tuple[Ranks, Ranks]:
        """Return of each hash where its entries begin and end; equal if there are none.

        Of more than `most` entries, at least `_AT_ONCE`, the end may be that of the first `most`.
        """
        if not len(self.rests):
            nothing = np.zeros(len(hashes), np.int64)
            return nothing, nothing
        rest = self.kept - self.bits
        counting = hashes >> np.uint64(64 - self.kept)
        bucket = (counting >> np.uint64(rest)).view(np.int64)
        low = self.starts.take(bucket, mode="wrap").astype(np.int64)  # thrice as fast as []
        end = self.starts.take(bucket + 1, mode="wrap").astype(np.int64)
        wanted = counting & np.uint64((1 << rest) - 1)
        wanted = wanted if len(self.tails) else wanted.astype(np.uint32)
        first, last = low.copy(), low.copy()
        for step in range(_AT_ONCE):
            at = low + step
            rests, inside = self._at(at), at < end
            first += (rests < wanted) & inside
            last += (rests <= wanted) & inside
        later = np.flatnonzero((first == low + _AT_ONCE) & (first < end))
        first[later] = self._search(wanted[later], first[later], end[later], after=False)
        more = np.flatnonzero((last == low + _AT_ONCE) & (last < end))
        highest = np.minimum(end[more], first[more] + most)
        last[more] = self._search(wanted[more], np.maximum(first, last)[more], highest, after=True)
        return first, last

    def _at(self, ranks: Ranks) -> Hashes | Numbers:
        """Return what is kept of the hashes at `ranks`; of any for ranks behind the last one."""
        rests = self.rests.take(ranks, mode="wrap")
        if not len(self.tails):
            return rests
        tails = self.tails.take(ranks, mode="wrap").astype(np.uint64)
        return rests | tails << np.uint64(_WORD)

    def _search(self, wanted: Hashes | Numbers, low: Ranks, high: Ranks, *, after: bool) -> Ranks:
        """Return the first rank in `low`…`high` whose rest is not below (or is above) the wanted one."""
        open_ones = np.flatnonzero(low < high)
        while len(open_ones):
            lows, highs = low[open_ones], high[open_ones]
            middle = (lows + highs) >> 1
            rests = self._at(middle)
            below = rests <= wanted[open_ones] if after else rests < wanted[open_ones]
            lows, highs = np.where(below, middle + 1, lows), np.where(below, highs, middle)
            low[open_ones], high[open_ones] = lows, highs
            open_ones = open_ones[lows < highs]
        return low


def _sorted(hashes: Hashes, numbers: Numbers, kept: int) -> tuple[Hashes, Numbers]:
    """Return hashes of so many bits in order, with their numbers; of equal hashes the lower number first.

    The places stand in the last bits of what is sorted: sorting is ten times as fast as finding the order.
    What is equal in the bits that are left is put in order after it.
    """
    spare = np.uint64(len(hashes).bit_length())
    packed = hashes << np.uint64(64 - kept)
    packed >>= spare
    packed <<= spare
    packed |= np.arange(len(hashes), dtype=np.uint64)
    packed.sort()
    order = (packed & ((np.uint64(1) << spare) - np.uint64(1))).view(np.int64)
    hashes, numbers = hashes.take(order, mode="wrap"), numbers.take(order, mode="wrap")
    packed >>= spare
    equal = np.zeros(len(hashes) + 1, bool)
    equal[1:-1] = packed[1:] == packed[:-1]
    several = np.flatnonzero(equal[1:] | equal[:-1])
    its = several[np.lexsort((numbers[several], hashes[several]))]
    hashes[several], numbers[several] = hashes[its], numbers[its]
    return hashes, numbers


def _narrowest(rest: int) -> type[np.unsignedinteger[Any]]:
    """Return the type that holds the bits before the last word."""
    wanted = rest - _WORD
    return np.uint8 if wanted <= 8 else np.uint16 if wanted <= 16 else np.uint32  # noqa: PLR2004 - bits


@dataclass(frozen=True, slots=True)
class Filter:
    """Bits that say "perhaps" or "certainly not" (a Bloom filter with one or two probes)."""

    bits: int  # log2 of their number
    content: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, hashes: Hashes, each: int, probes: int = 1) -> Filter:
        """Return a filter with `each` bits for each hash, rounded up to a power of two."""
        bits = max(6, (max(1, len(hashes)) * each - 1).bit_length())
        flags = np.zeros(1 << bits, bool)
        for probe in range(probes):
            flags[_spot(hashes, bits, probe).view(np.int64)] = True
        return cls(bits, np.packbits(flags, bitorder="little"))

    def __or__(self, other: Filter) -> Filter:
        """Return a filter that holds what either does, as large as the larger of them; for one probe only."""
        bits = max(self.bits, other.bits)
        return Filter(bits, self._spread(bits) | other._spread(bits))

    def _spread(self, bits: int) -> npt.NDArray[np.uint8]:
        if bits == self.bits:
            return self.content
        flags = np.unpackbits(self.content, bitorder="little")
        return np.packbits(np.repeat(flags, 1 << (bits - self.bits)), bitorder="little")

    def holds(self, hashes: Hashes, probe: int = 0) -> npt.NDArray[np.bool_]:
        """Return which hashes may be in it, by one probe."""
        spots = _spot(hashes, self.bits, probe)
        octets = self.content.take((spots >> np.uint64(3)).view(np.int64), mode="wrap")
        octets >>= (spots & np.uint64(7)).astype(np.uint8)
        octets &= 1
        held: npt.NDArray[np.bool_] = octets.view(bool)
        return held


def _spot(hashes: Hashes, bits: int, probe: int) -> Hashes:
    """Return which bit a hash has: the leading ones, or others for the second probe."""
    if probe:  # from the 32 bits that every table keeps, so that a filter can be made from a table
        hashes = (hashes >> np.uint64(_WORD)) * np.uint64(0x9E3779B97F4A7C15)
    return hashes >> np.uint64(64 - bits)
