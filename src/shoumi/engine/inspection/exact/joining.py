"""From hits of single values to rows: enough columns of one row, near each other, in one part.

Values of up to `FEW` rows lead to their rows.  Values of more are only asked beside those, and, two and two
within the distance, intersected; what an intersection of many rows would say is nothing, so it is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.exact.rules import Rule
from shoumi.engine.inspection.matching.tables import Ranks, Table

FEW: Final = 64  # rows that a value leads to by itself
_PAIRS: Final = 4096  # pairs of common values intersected in one call, at most
_LARGEST: Final = 1 << 20  # rows of a common value that is intersected

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hits:
    """Places where values stand, and their entries in the table."""

    starts: Ints  # characters of the joined text
    ends: Ints
    low: Ranks
    high: Ranks
    inside: npt.NDArray[np.bool_]  # after a dialling prefix: counts for telephone numbers only

    @classmethod
    def joined(cls, several: Sequence[Hits]) -> Hits:
        """Return all of them, in order of place."""
        columns = [
            np.concatenate([getattr(hits, name) for hits in several])
            for name in ("starts", "ends", "low", "high", "inside")
        ]
        order = np.argsort(columns[0], kind="stable")
        return cls(*(column[order] for column in columns))


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of rows that stand at places: one column of `Hits` resolved."""

    rows: Ints
    columns: Ints
    hits: Ints  # which hit

    @classmethod
    def joined(cls, several: Sequence[_Cells]) -> _Cells:
        return cls(*(np.concatenate([getattr(each, name) for each in several]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Match:
    """A row that was found."""

    row: int
    part: int
    start: int  # characters of the joined text
    end: int
    columns: tuple[int, ...]
    distance: int  # characters between the starts of the outermost values


def matches(hits: Hits, parts: Ints, table: Table, rule: Rule, phones: frozenset[int]) -> list[Match]:
    """Return the rows that stand among `hits`, in order of place."""
    width = len(rule.columns)
    few = hits.high - hits.low <= FEW
    rare, common = np.flatnonzero(few), np.flatnonzero(~few)
    cells = [_expanded(hits, rare, table, width)]
    if len(common):
        cells.append(_beside(hits, cells[0], common, parts, table, rule))
        cells.append(_crossed(hits, common, parts, table, rule))
    whole = _Cells.joined(cells)
    if hits.inside.any():
        sound = ~hits.inside[whole.hits] | np.isin(whole.columns, sorted(phones))
        whole = _Cells(whole.rows[sound], whole.columns[sound], whole.hits[sound])
    return sorted(_clustered(whole, hits, parts, rule), key=lambda match: (match.start, match.row))


def _expanded(hits: Hits, which: Ints, table: Table, width: int) -> _Cells:
    counts = (hits.high - hits.low)[which]
    owners = np.repeat(np.arange(len(which)), counts)
    ranks = np.arange(len(owners)) - (np.cumsum(counts) - counts)[owners] + hits.low[which][owners]
    numbers = table.numbers[ranks].astype(np.int64)
    return _Cells(numbers // width, numbers % width, which[owners])


def _beside(  # noqa: PLR0913, PLR0917
    hits: Hits, rare: _Cells, common: Ints, parts: Ints, table: Table, rule: Rule
) -> _Cells:
    """Return which common values belong to rows that rare ones nearby led to."""
    width = len(rule.columns)
    places = hits.starts[common]
    at = hits.starts[rare.hits]
    first = np.searchsorted(places, at - rule.within, side="left")
    last = np.searchsorted(places, at + rule.within, side="right")
    counts = last - first
    cell = np.repeat(np.arange(len(at)), counts)
    other = common[np.arange(len(cell)) - (np.cumsum(counts) - counts)[cell] + first[cell]]
    same = parts[rare.hits[cell]] == parts[other]
    rows, other = rare.rows[cell[same]], other[same]
    found_rows, found_columns, found_hits = [], [], []
    for column in range(width):
        number = rows * width + column
        there = _holds(table, hits.low[other], hits.high[other], number)
        found_rows.append(rows[there])
        found_columns.append(np.full(len(rows[there]), column))
        found_hits.append(other[there])
    return _Cells(np.concatenate(found_rows), np.concatenate(found_columns), np.concatenate(found_hits))


def _holds(table: Table, low: Ranks, high: Ranks, numbers: Ints) -> npt.NDArray[np.bool_]:
    """Return whether each number stands between its ranks, where numbers ascend."""
    low, end = low.copy(), high
    high = high.copy()
    while (open_ones := np.flatnonzero(low < high)).size:
        middle = (low[open_ones] + high[open_ones]) >> 1
        below = table.numbers[middle] < numbers[open_ones]
        low[open_ones] = np.where(below, middle + 1, low[open_ones])
        high[open_ones] = np.where(below, high[open_ones], middle)
    inside = low < end
    inside[inside] = table.numbers[low[inside]] == numbers[inside]
    return inside


def _crossed(hits: Hits, common: Ints, parts: Ints, table: Table, rule: Rule) -> _Cells:
    """Return rows that two common values near each other share, if they are few."""
    width = len(rule.columns)
    known: dict[tuple[int, int], Ints] = {}
    rows, columns, which = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for one, other in _pairs(hits, common, parts, rule):
        pair = (int(hits.low[one]), int(hits.low[other]))
        if pair not in known:
            if len(known) == _PAIRS:
                break
            rows_of_one, rows_of_other = (
                table.numbers[hits.low[hit] : hits.high[hit]] // width for hit in (one, other)
            )
            both = np.intersect1d(rows_of_one, rows_of_other).astype(np.int64)
            known[pair] = both if len(both) <= FEW else both[:0]
        shared = known[pair]
        for column in range(width) if len(shared) else ():
            for hit in (one, other):
                size = np.full(len(shared), hits.low[hit]), np.full(len(shared), hits.high[hit])
                there = _holds(table, *size, shared * width + column)
                rows.append(shared[there])
                columns.append(np.full(int(there.sum()), column))
                which.append(np.full(int(there.sum()), hit))
    return _Cells(np.concatenate(rows), np.concatenate(columns), np.concatenate(which))


def _pairs(hits: Hits, common: Ints, parts: Ints, rule: Rule) -> Iterator[tuple[int, int]]:
    sizes = hits.high - hits.low
    common = common[sizes[common] <= _LARGEST]
    for at, one in enumerate(common.tolist()):
        for other in common[at + 1 :].tolist():
            if hits.starts[other] - hits.starts[one] > rule.within or parts[other] != parts[one]:
                break
            if hits.low[one] != hits.low[other]:
                yield one, other


def _clustered(cells: _Cells, hits: Hits, parts: Ints, rule: Rule) -> list[Match]:
    """Group cells of a row by place; a group ends where the next cell is further than the rule allows."""
    counts = np.bincount(cells.rows) if len(cells.rows) and cells.rows.max() < 4 * len(cells.rows) else None
    rows, columns, which = cells.rows, cells.columns, cells.hits
    if rule.needed > 1 and len(rows):
        if counts is None:
            _, back, numbers = np.unique(rows, return_inverse=True, return_counts=True)
            enough = numbers[back] >= rule.needed
        else:
            enough = counts[rows] >= rule.needed
        rows, columns, which = rows[enough], columns[enough], which[enough]
    if not len(rows):
        return []
    starts, part = hits.starts[which], parts[which]
    order = np.lexsort((starts, part, rows))
    rows, columns, starts, part, ends = (
        each[order] for each in (rows, columns, starts, part, hits.ends[which])
    )
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (rows[1:] != rows[:-1]) | (part[1:] != part[:-1]) | (starts[1:] - starts[:-1] > rule.within)
    bounds = np.append(np.flatnonzero(fresh), len(rows))
    group = np.cumsum(fresh) - 1
    different = np.unique(group * len(rule.columns) + columns) // len(rule.columns)
    enough = np.bincount(different, minlength=len(bounds) - 1) >= rule.needed
    found: list[Match] = []
    for number in np.flatnonzero(enough).tolist():
        low, high = int(bounds[number]), int(bounds[number + 1])
        found += _windows(
            rule,
            int(rows[low]),
            int(part[low]),
            list(
                zip(
                    starts[low:high].tolist(),
                    ends[low:high].tolist(),
                    columns[low:high].tolist(),
                    strict=True,
                )
            ),
        )
    return found


def _windows(rule: Rule, row: int, part: int, cells: list[tuple[int, int, int]]) -> Iterator[Match]:
    """Yield the stretches of a group within which enough columns stand, one after the other."""
    required = {number for number, column in enumerate(rule.columns) if column.required}
    at = 0
    while at < len(cells):
        start = cells[at][0]
        inside = [cell for cell in cells[at:] if cell[0] - start <= rule.within]
        columns = {column for _, _, column in inside}
        if len(columns) >= rule.needed and required <= columns:
            ends = max(end for _, end, _ in inside)
            yield Match(row, part, start, ends, tuple(sorted(columns)), inside[-1][0] - start)
            at += len(inside)
        else:
            at += 1
