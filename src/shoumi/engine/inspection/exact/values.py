"""From cells to hashes, and from running text to the places where a cell's value may stand.

A value is the folded text of a cell, cut to 64 units.  Too little said is no value: a single Han character,
fewer than three letters, fewer than five digits.  In running text a value may stand wherever no word is cut:
within digits or Latin letters only where a run begins and ends, among Han characters and kana anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.exact.rules import ColumnKind, canonical
from shoumi.engine.inspection.matching.folding import WALL, Kind, Units, edges, fold, kinds_of
from shoumi.engine.inspection.matching.hashing import ROLL, Hashes, Rolling, siphash, subkey
from shoumi.engine.inspection.matching.reading import Block
from shoumi.engine.inspection.matching.tables import Filter

LONGEST: Final = 64  # units of a value that are hashed
HEAD: Final = 4  # units that open every longer value; looked up first
_LEAST: Final = {Kind.OTHER: 2, Kind.DIGIT: 5, Kind.LETTER: 3}
_ZERO: Final = np.uint16(ord("0"))
_COUNTRIES: Final = (ord("1"), ord("6"))  # after the 8 of 81 and 86
_WITH_COUNTRY: Final = 11  # digits of a number that bears its country, at least
_WINDOW: Final = ROLL // 2  # starts looked at together

Starts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What follows from the key of an index."""

    sip: bytes
    rolling: Rolling

    @classmethod
    def of(cls, key: bytes) -> Secrets:
        """Return the subkeys of `key`."""
        return cls(subkey(key, "shoumi exact value", 16), Rolling.of(subkey(key, "shoumi exact candidate")))


@dataclass(frozen=True, slots=True)
class Values:
    """Hashes of the cells of a column, in their order."""

    hashes: Hashes  # 0: no value
    quick: Hashes  # rolling hash, of values only
    heads: Hashes  # rolling hash of the first units, of values longer than `HEAD` only
    shapes: frozenset[tuple[int, int]]  # kind of the first unit, length


def values_of(column: str, kind: ColumnKind, secrets: Secrets) -> Values:
    """Return the hashes of the walled cells of a column."""
    units, _ = fold(canonical(column, kind))
    walls = np.flatnonzero(units == ord(WALL))
    starts = np.concatenate((np.zeros(1, np.int64), walls[:-1] + 1))
    if kind == ColumnKind.PHONE:
        starts = _undialled(units, starts, walls)
    lengths = np.minimum(walls - starts, LONGEST)
    first = kinds_of(units[starts])
    least = np.array([_LEAST[each] for each in (Kind.OTHER, Kind.DIGIT, Kind.LETTER)])[first]
    hashes = np.zeros(len(walls), np.uint64)
    quick, heads, shapes = [], [], set()
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        rows = np.flatnonzero((lengths == length) & (length >= least))
        if not len(rows):
            continue
        gathered = rows_of(units, starts[rows], length)
        hashes[rows] = np.maximum(siphash(gathered, secrets.sip), np.uint64(1))
        quick.append(secrets.rolling.rows(gathered) + _spread(length))
        if length > HEAD:
            heads.append(secrets.rolling.rows(gathered[:, :HEAD]))
        shapes |= {(kind, length) for kind in np.flatnonzero(np.bincount(first[rows])).tolist()}
    return Values(hashes, _all(quick), _all(heads), frozenset(shapes))


def rows_of(units: Units, starts: Starts, length: int) -> npt.NDArray[np.uint16]:
    """Return `length` units from each of `starts`, a row for each."""
    return np.lib.stride_tricks.sliding_window_view(units, length)[starts]


def _spread(length: int) -> np.uint64:
    """Return what keeps rolling hashes of different lengths apart."""
    return np.uint64(length * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)


def _all(hashes: list[Hashes]) -> Hashes:
    return np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Seen:
    """Places of a block where a value stands, as the filter has it, with its hash."""

    starts: Starts  # units into the block
    length: int
    hashes: Hashes
    inside: npt.NDArray[np.bool_]  # begins after a dialling prefix, inside a run of digits


@dataclass(frozen=True, slots=True)
class Searcher:
    """Looks for candidates in blocks."""

    secrets: Secrets
    shapes: dict[int, tuple[int, ...]]  # kind of the first unit → lengths, ascending
    quick: Filter
    heads: Filter
    phones: bool  # whether a number may begin after a dialling prefix

    def seen(self, block: Block) -> Iterator[Seen]:
        """Yield what may be values, by length."""
        allowed = edges(block.units, block.places)
        kinds = kinds_of(block.units)
        for at in range(block.first, block.end, _WINDOW):
            end = min(at + _WINDOW, block.end)
            units = block.units[at : end + LONGEST]
            yield from self._window(units, allowed[at : end + LONGEST + 1], kinds[at:end], at)

    def _window(
        self, units: Units, allowed: npt.NDArray[np.bool_], kinds: npt.NDArray[np.uint8], at: int
    ) -> Iterator[Seen]:
        sums = self.secrets.rolling.sums(units)
        for kind, lengths in self.shapes.items():
            starts = np.flatnonzero(allowed[: len(kinds)] & (kinds == kind))
            inside = np.zeros(len(starts), bool)
            if self.phones and kind == Kind.DIGIT:
                more = np.setdiff1d(_after_prefixes(units, starts, len(kinds)), starts)
                starts, inside = (
                    np.concatenate((starts, more)),
                    np.arange(len(starts) + len(more)) >= len(starts),
                )
            long = False
            for length in lengths:
                if length > HEAD and not long:
                    starts, inside = self._headed(sums, starts, inside)
                    long = True
                yield from self._of_length(units, sums, allowed, starts, inside, length, at)

    def _headed(
        self, sums: Hashes, starts: Starts, inside: npt.NDArray[np.bool_]
    ) -> tuple[Starts, npt.NDArray[np.bool_]]:
        """Keep the starts from which a longer value may go."""
        fits = starts + HEAD < len(sums)
        starts, inside = starts[fits], inside[fits]
        perhaps = self.heads.holds(self.secrets.rolling.windows(sums, starts, HEAD))
        return starts[perhaps], inside[perhaps]

    def _of_length(  # noqa: PLR0913, PLR0917
        self,
        units: Units,
        sums: Hashes,
        allowed: npt.NDArray[np.bool_],
        starts: Starts,
        inside: npt.NDArray[np.bool_],
        length: int,
        at: int,
    ) -> Iterator[Seen]:
        ends = starts + length
        fits = np.flatnonzero(ends < len(sums))
        if length < LONGEST:  # a longer value was cut here: its end is not known
            fits = fits[allowed[ends[fits]]]
        quick = self.secrets.rolling.windows(sums, starts[fits], length) + _spread(length)
        fits = fits[self.quick.holds(quick)]
        if len(fits):
            hashes = siphash(rows_of(units, starts[fits], length), self.secrets.sip)
            yield Seen(starts[fits] + at, length, np.maximum(hashes, np.uint64(1)), inside[fits])


def _undialled(units: Units, starts: Starts, ends: Starts) -> Starts:
    """Return where telephone numbers begin after 00, the country prefixes 81 and 86, and one 0."""
    padded = np.concatenate((units, np.zeros(4, np.uint16)))
    begin = starts + 2 * ((padded[starts] == _ZERO) & (padded[starts + 1] == _ZERO))
    country = (padded[begin] == ord("8")) & np.isin(padded[begin + 1], _COUNTRIES)
    country &= ends - begin >= _WITH_COUNTRY
    begin = np.where(country, begin + 2, starts)
    begin += padded[begin] == _ZERO
    return begin


def _after_prefixes(units: Units, starts: Starts, end: int) -> Starts:
    """Return the places after 0, 81, 86, 0081, 0086 (and a 0 after those) at the head of digits."""
    padded = np.concatenate((units, np.zeros(8, np.uint16)))
    is_zero = padded[starts] == _ZERO
    double = is_zero & (padded[starts + 1] == _ZERO)
    country = np.where(double, starts + 2, starts)
    prefixed = (padded[country] == ord("8")) & np.isin(padded[country + 1], _COUNTRIES)
    country = country[prefixed] + 2
    found = np.concatenate((starts[is_zero] + 1, country, country[padded[country] == _ZERO] + 1))
    return np.unique(found[found < end])
