"""From hits of single values to rows: enough columns of one row, near each other, in one part.

Values of up to `FEW` rows lead to their rows.  Values of more are only asked beside those, and the ones left,
two and two within the distance, intersected; an intersection of more rows than that says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.exact.rules import Rule
from shoumi.engine.inspection.matching.tables import Ranks, Table

FEW: Final = 16  # rows that a value leads to by itself
_PAIRS: Final = 1024  # pairs of common values intersected in one call, at most
_LARGEST: Final = 1 << 16  # rows of a common value that is intersected

_PLACE_BITS: Final = 31  # of a place beside a row in one word; a text has fewer characters

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


_NONE: Final = _Cells(*(np.zeros(0, np.int64) for _ in range(3)))


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
    cells = [_expanded(hits, np.flatnonzero(few), table, width)]
    if not few.all():
        common = _Common.of(hits, np.flatnonzero(~few), table, width)
        cells.append(_beside(hits, cells[0], common, parts, table, rule))
        cells.append(_crossed(hits, common.without(cells[1].hits), parts, table, rule))
    whole = _Cells.joined(cells)
    if hits.inside.any():
        sound = ~hits.inside[whole.hits] | np.isin(whole.columns, sorted(phones))
        whole = _Cells(whole.rows[sound], whole.columns[sound], whole.hits[sound])
    return sorted(_clustered(whole, hits, parts, rule), key=lambda match: (match.start, match.row))


@dataclass(frozen=True, slots=True)
class _Common:
    """Hits of values that many rows hold, with their columns: those of the first, middle and last row."""

    hits: Ints
    columns: npt.NDArray[np.uint64]  # a bit for each

    @classmethod
    def of(cls, hits: Hits, which: Ints, table: Table, width: int) -> _Common:
        low, high = hits.low[which], hits.high[which]
        flags = np.zeros(len(which), np.uint64)
        for rank in (low, (low + high) >> 1, high - 1):
            flags |= np.uint64(1) << (table.numbers[rank] % width).astype(np.uint64)
        return cls(which, flags)

    def of_column(self, column: int) -> Ints:
        return self.hits[self.columns >> np.uint64(column) & np.uint64(1) > 0]

    def without(self, some: Ints) -> _Common:
        stays = ~np.isin(self.hits, some)
        return _Common(self.hits[stays], self.columns[stays])


def _expanded(hits: Hits, which: Ints, table: Table, width: int) -> _Cells:
    counts = (hits.high - hits.low)[which]
    owners = np.repeat(np.arange(len(which)), counts)
    ranks = np.arange(len(owners)) - (np.cumsum(counts) - counts)[owners] + hits.low[which][owners]
    numbers = table.numbers[ranks].astype(np.int64)
    return _Cells(numbers // width, numbers % width, which[owners])


def _beside(  # noqa: PLR0913, PLR0917
    hits: Hits, rare: _Cells, common: _Common, parts: Ints, table: Table, rule: Rule
) -> _Cells:
    """Return which common values belong to rows that rare ones nearby led to, in columns still missing."""
    groups = _Groups.of(rare, hits, parts, rule)
    found = [_NONE]
    for column in range(len(rule.columns)):
        which = common.of_column(column)
        lacking = np.flatnonzero(groups.marks >> np.uint64(column) & np.uint64(1) == 0)
        if not len(which) or not len(lacking):
            continue
        places = hits.starts[which]
        first = np.searchsorted(places, groups.first[lacking] - rule.within, side="left")
        counts = np.searchsorted(places, groups.last[lacking] + rule.within, side="right") - first
        owner = np.repeat(np.arange(len(lacking)), counts)
        other = which[np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner] + first[owner]]
        group = lacking[owner]
        same = groups.parts[group] == parts[other]
        found.append(_owned(groups.rows[group[same]], column, other[same], hits, table, len(rule.columns)))
    return _Cells.joined(found)


def _owned(  # noqa: PLR0913, PLR0917
    rows: Ints, column: int, which: Ints, hits: Hits, table: Table, width: int
) -> _Cells:
    """Keep the pairs of row and hit where that column of the row holds the value of the hit."""
    low, end = hits.low[which], hits.high[which]
    high = end.copy()
    wanted = rows * width + column
    while (open_ones := np.flatnonzero(low < high)).size:
        lows, highs = low[open_ones], high[open_ones]
        middle = (lows + highs) >> 1
        below = table.numbers[middle] < wanted[open_ones]
        low[open_ones], high[open_ones] = np.where(below, middle + 1, lows), np.where(below, highs, middle)
    there = np.flatnonzero(low < end)
    there = there[table.numbers[low[there]] == wanted[there]]
    return _Cells(rows[there], np.full(len(there), column), which[there])


def _crossed(hits: Hits, common: _Common, parts: Ints, table: Table, rule: Rule) -> _Cells:
    """Return rows that two common values of different columns near each other share, if they are few."""
    width = len(rule.columns)
    known: dict[tuple[int, int], Ints] = {}
    found = [_NONE]
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
        rows = known[pair]
        found += [
            _owned(rows, column, np.full(len(rows), hit), hits, table, width)
            for hit in ((one, other) if len(rows) else ())
            for column in range(width)
        ]
    return _Cells.joined(found)


def _pairs(hits: Hits, common: _Common, parts: Ints, rule: Rule) -> Iterator[tuple[int, int]]:
    fits = hits.high[common.hits] - hits.low[common.hits] <= _LARGEST
    which, columns = common.hits[fits], common.columns[fits].tolist()
    if len(set(columns)) == 1:
        return
    starts, part = hits.starts[which].tolist(), parts[which].tolist()
    numbers = which.tolist()
    for at in range(len(numbers)):
        for other in range(at + 1, len(numbers)):
            if starts[other] - starts[at] > rule.within or part[other] != part[at]:
                break
            if not columns[at] & columns[other]:
                yield numbers[at], numbers[other]


@dataclass(frozen=True, slots=True)
class _Groups:
    """Cells of one row in one part, none further from the next than the rule allows."""

    cells: _Cells  # in order of row and place
    bounds: Ints  # of the groups within the cells, and the end
    rows: Ints
    parts: Ints
    first: Ints  # places of the outermost cells
    last: Ints
    marks: npt.NDArray[np.uint64]  # a bit for each column

    @classmethod
    def of(cls, cells: _Cells, hits: Hits, parts: Ints, rule: Rule) -> _Groups:
        starts = hits.starts[cells.hits]
        order = np.argsort(cells.rows << _PLACE_BITS | starts)
        rows, starts, which = cells.rows[order], starts[order], cells.hits[order]
        part, columns = parts[which], cells.columns[order]
        fresh = np.ones(len(rows), bool)
        fresh[1:] = (
            (rows[1:] != rows[:-1]) | (starts[1:] - starts[:-1] > rule.within) | (part[1:] != part[:-1])
        )
        begin = np.flatnonzero(fresh)
        bounds = np.append(begin, len(rows))
        flags = np.uint64(1) << columns.astype(np.uint64)
        marks = np.bitwise_or.reduceat(flags, begin) if len(begin) else flags
        ordered = _Cells(rows, columns, which)
        return cls(ordered, bounds, rows[begin], part[begin], starts[begin], starts[bounds[1:] - 1], marks)


def _clustered(cells: _Cells, hits: Hits, parts: Ints, rule: Rule) -> list[Match]:
    """Return the rows of which enough columns stand close enough."""
    groups = _Groups.of(cells, hits, parts, rule)
    required = sum(1 << number for number, column in enumerate(rule.columns) if column.required)
    met = (np.bitwise_count(groups.marks) >= rule.needed) & (~groups.marks & np.uint64(required) == 0)
    found: list[Match] = []
    for number in np.flatnonzero(met).tolist():
        its = slice(int(groups.bounds[number]), int(groups.bounds[number + 1]))
        which = groups.cells.hits[its]
        starts, ends = hits.starts[which].tolist(), hits.ends[which].tolist()
        row, part = int(groups.rows[number]), int(groups.parts[number])
        if starts[-1] - starts[0] <= rule.within:
            columns = _columns(int(groups.marks[number]))
            found.append(Match(row, part, starts[0], max(ends), columns, starts[-1] - starts[0]))
        else:
            marks = [1 << column for column in groups.cells.columns[its].tolist()]
            cut = list(zip(starts, ends, marks, strict=True))
            found += _windows(rule, required, row, part, cut)
    return found


@lru_cache(maxsize=1024)
def _columns(mark: int) -> tuple[int, ...]:
    return tuple(number for number in range(mark.bit_length()) if mark >> number & 1)


def _windows(
    rule: Rule, required: int, row: int, part: int, cells: list[tuple[int, int, int]]
) -> Iterator[Match]:
    """Yield the stretches of a group within which enough columns stand, one after the other."""
    at = 0
    while at < len(cells):
        start, end, mark, last = cells[at][0], 0, 0, at
        while last < len(cells) and cells[last][0] - start <= rule.within:
            end, mark = max(end, cells[last][1]), mark | cells[last][2]
            last += 1
        if mark.bit_count() >= rule.needed and mark & required == required:
            yield Match(row, part, start, end, _columns(mark), cells[last - 1][0] - start)
            at = last
        else:
            at += 1
