"""Keyed hashes over folded units: SipHash-2-4 for what an index keeps, a rolling one to look for candidates.

Source: Aumasson and Bernstein, SipHash: a fast short-input PRF (2012); rolling hash after Karp and Rabin
(1987), over secret random numbers per unit, modulo 2**64.  Both run over many values at once.
SipHash is a pseudorandom function: without its 128-bit key nobody can tell whether a value is in an index.
The rolling hash is not; it only picks candidates, and is kept nowhere but as bits of a filter.
Subkeys come from the key of the index by keyed BLAKE2b (RFC 7693) and a word for their use.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.matching.errors import IndexKeyError
from shoumi.engine.inspection.matching.folding import Units

Hashes = npt.NDArray[np.uint64]

KEY_BYTES: Final = 32
_BATCH: Final = 1 << 14  # values at a time: what the processor's cache holds
_UNITS: Final = 1 << 16
ROLL: Final = 1 << 16  # units over which one rolling pass goes, at most


def subkey(key: bytes, use: str, length: int = 32, salt: bytes = b"") -> bytes:
    """Return a key of its own for `use`.

    Raises:
        IndexKeyError: `key` is not 32 bytes long.
    """
    if len(key) != KEY_BYTES:
        raise IndexKeyError(length=len(key))
    return hashlib.blake2b(use.encode() + b"\0" + salt, key=key, digest_size=length).digest()


def siphash(rows: npt.NDArray[np.uint16], key: bytes) -> Hashes:
    """Return SipHash-2-4 of each row of little-endian units, by a key of 16 bytes."""
    k0, k1 = (np.uint64(int.from_bytes(key[at : at + 8], "little")) for at in (0, 8))
    out = np.empty(len(rows), np.uint64)
    for at in range(0, len(rows), _BATCH):
        out[at : at + _BATCH] = _siphash(rows[at : at + _BATCH], k0, k1)
    return out


def _siphash(rows: npt.NDArray[np.uint16], k0: np.uint64, k1: np.uint64) -> Hashes:
    count, width = rows.shape
    words = np.zeros((count, width // 4 * 4 + 4), "<u2")
    words[:, :width] = rows
    words[:, -1] |= (2 * width & 0xFF) << 8  # the last byte of the last word is the length
    blocks = np.ascontiguousarray(words.view("<u8").T)
    state = [
        np.full(count, k ^ np.uint64(c), np.uint64)
        for k, c in (
            (k0, 0x736F6D6570736575),
            (k1, 0x646F72616E646F6D),
            (k0, 0x6C7967656E657261),
            (k1, 0x7465646279746573),
        )
    ]
    spare = np.empty(count, np.uint64)
    for block in blocks:
        state[3] ^= block
        _rounds(state, spare, 2)
        state[0] ^= block
    state[2] ^= np.uint64(0xFF)
    _rounds(state, spare, 4)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _rounds(state: list[Hashes], spare: Hashes, times: int) -> None:
    v0, v1, v2, v3 = state
    for _ in range(times):
        v0 += v1
        _turn(v1, 13, spare)
        v1 ^= v0
        _turn(v0, 32, spare)
        v2 += v3
        _turn(v3, 16, spare)
        v3 ^= v2
        v0 += v3
        _turn(v3, 21, spare)
        v3 ^= v0
        v2 += v1
        _turn(v1, 17, spare)
        v1 ^= v2
        _turn(v2, 32, spare)


def _turn(value: Hashes, bits: int, spare: Hashes) -> None:
    np.right_shift(value, np.uint64(64 - bits), out=spare)
    np.left_shift(value, np.uint64(bits), out=value)
    value |= spare


@dataclass(frozen=True, slots=True)
class Rolling:
    """The numbers of a rolling hash: hash of units c0…cn is the sum of number[ci] * factor**i."""

    numbers: Hashes  # one for each unit
    powers: Hashes  # factor**i
    inverses: Hashes  # factor**-i

    @classmethod
    def of(cls, seed: bytes) -> Rolling:
        """Return the numbers that follow from `seed`."""
        return _rolling(seed)

    def sums(self, units: Units) -> Hashes:
        """Return running sums over at most `ROLL` units, from which `windows` cuts."""
        sums = np.zeros(len(units) + 1, np.uint64)
        terms = self.numbers.take(units, mode="wrap")
        terms *= self.powers[: len(units)]
        np.cumsum(terms, out=sums[1:])
        return sums

    def windows(self, sums: Hashes, starts: npt.NDArray[np.intp], length: int) -> Hashes:
        """Return the hashes of `length` units from each of `starts`."""
        return (sums[starts + length] - sums[starts]) * self.inverses[starts]

    def rows(self, rows: npt.NDArray[np.uint16]) -> Hashes:
        """Return the hash of each row of units."""
        total = np.zeros(len(rows), np.uint64)
        for place in range(rows.shape[1]):
            total += self.numbers[rows[:, place]] * self.powers[place]
        return total

    def every(self, units: Units, length: int) -> Hashes:
        """Return the hashes of all windows of `length` in at most `ROLL` units."""
        sums = self.sums(units)
        hashes: Hashes = sums[length:] - sums[:-length]
        hashes *= self.inverses[: len(hashes)]
        return hashes


@cache
def _rolling(seed: bytes) -> Rolling:
    raw = hashlib.shake_256(seed).digest(8 * (_UNITS + 1))
    numbers = np.frombuffer(raw, "<u8")
    factor = int(numbers[-1]) & ~7 | 3  # 3 modulo 8: powers repeat as late as they can
    inverse = pow(factor, -1, 1 << 64)
    return Rolling(numbers[:-1], _powers(factor), _powers(inverse))


def _powers(factor: int) -> Hashes:
    steps = np.full(ROLL + 1, factor, np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)
