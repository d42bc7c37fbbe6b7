"""Weighs what stands around a candidate: words that name its kind, in the text or at the head of its column.

Source: the context words of the packs. A word counts within 30 characters before and 12 behind; in a table
only within the row. Words that name other numbers speak against kinds that the pack calls doubtful.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise.entries import Kind
from shoumi.engine.inspection.recognise.stretch import Bools, Stretch, Table

BEFORE: Final = 30
BEHIND: Final = 12
_NEVER: Final = 1 << 62
_JUST_BEFORE: Final = 14
Words = NDArray[Any]  # of str; empty: nothing spoke for the candidate


@dataclass(frozen=True, slots=True)
class Hits:
    """What of one kind was found in a stretch."""

    kind: Kind
    starts: Places
    ends: Places
    words: Words
    sure: Bools | None = None  # where the finder knows better than the words whether context is there

    @property
    def scores(self) -> NDArray[np.float64]:
        """The score of each."""
        backed = self.words != "" if self.sure is None else self.sure
        return np.where(backed, self.kind.score_with_context, self.kind.score)

    def where(self, kept: Bools) -> Hits:
        """Return some of them."""
        sure = None if self.sure is None else self.sure[kept]
        return Hits(self.kind, self.starts[kept], self.ends[kept], self.words[kept], sure)

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True)
class Context:
    """A stretch seen by what surrounds each place."""

    stretch: Stretch
    against: re.Pattern[str]
    seen: dict[str, list[int]]  # for each word of the dictionary that occurs, the places behind it

    def may_hold(self, kind: Kind) -> bool:
        """Return whether `kind` can occur: if it needs context, a word of it does or names a column."""
        if not kind.needs_context or kind.forms.keys() & self.seen.keys():
            return True
        return any(
            (heads_of(kind, self._table(number), self.against)[0] != "").any() for number in self._tables
        )

    def _near(self, kind: Kind) -> Places:
        """Return the places behind the context words of `kind`, ascending."""
        ends = {end for form in kind.forms.keys() & self.seen.keys() for end in self.seen[form]}
        return np.array(sorted(ends), np.int64)

    @cached_property
    def _tables(self) -> dict[int, tuple[Places, Places]]:
        """For each piece of a table: where its lines begin, and where its cells end."""
        found = {}
        begins = [*self.stretch.begins_folded.tolist(), len(self.stretch.codes) + 1]
        for number, piece in enumerate(self.stretch.pieces):
            if piece.table:
                start, end = begins[number], begins[number + 1] - 1
                codes = self.stretch.codes[start:end]
                lines = np.concatenate([[start], start + 1 + np.flatnonzero(codes == ord("\n"))])
                found[number] = lines, start + np.flatnonzero(codes == piece.table.cell_end)
        return found

    def settle(self, kind: Kind, starts: Places, ends: Places) -> Hits:
        """Return the candidates that their surroundings leave, each with the word that spoke for it."""
        words: Words = np.full(len(starts), "", object)
        if not len(starts) or not (kind.words or kind.doubtful or kind.needs_context):
            return Hits(kind, starts, ends, words)
        refused = np.zeros(len(starts), np.bool_)
        pieces = self.stretch.piece_at(starts)
        lowest = self.stretch.begins_folded[pieces]
        for number in np.unique(pieces).tolist() if self._tables else ():
            if number in self._tables:
                inside = np.flatnonzero(pieces == number)
                columns, lines = self.columns(number, starts[inside])
                lowest[inside] = lines
                named, other = heads_of(kind, self._table(number), self.against)
                columns = np.minimum(columns, len(named) - 1)
                words[inside] = named[columns]
                refused[inside] = other[columns] & kind.doubtful
        if kind.needs_context:
            near = self._near(kind)
            at = np.searchsorted(near, starts - BEFORE)
            close = np.append(near, _NEVER)[at] <= ends + BEHIND
            refused |= ~close & (words == "")
        self._look_around(kind, (starts, ends, lowest), words, refused)
        if kind.needs_context:
            refused |= words == ""
        hits = Hits(kind, starts, ends, words)
        return hits.where(~refused) if refused.any() else hits

    def _look_around(
        self, kind: Kind, places: tuple[Places, Places, Places], words: Words, refused: Bools
    ) -> None:
        text = self.stretch.text
        open_ = np.flatnonzero((words == "") & ~refused)
        for at, start, end, lowest in zip(
            open_.tolist(), *(each[open_].tolist() for each in places), strict=True
        ):
            before = text[max(lowest, start - BEFORE) : start]
            found = kind.near.search(f"{before}\n{text[end : end + BEHIND].partition(chr(10))[0]}")
            if found:
                words[at] = found[0]
            if kind.doubtful and self.against.search(before[-_JUST_BEFORE:]):
                own = kind.near.search(before[-_JUST_BEFORE:])
                refused[at] = own is None

    def _table(self, number: int) -> Table:
        table = self.stretch.pieces[number].table
        assert table is not None  # noqa: S101 - only such are in `_tables`
        return table

    def columns(self, number: int, places: Places) -> tuple[Places, Places]:
        """Return the column of each place in the piece `number`, and where its line begins."""
        lines, cells = self._tables[number]
        begins = lines[np.searchsorted(lines, places, side="right") - 1]
        return np.searchsorted(cells, places) - np.searchsorted(cells, begins), begins

    def cells(self, kind: Kind) -> list[tuple[Places, Places, str]]:
        """Return starts and ends of the cells in columns whose head names `kind`, with the word."""
        found = []
        for number, (lines, cells) in self._tables.items():
            named, _other = heads_of(kind, self._table(number), self.against)
            for column in np.flatnonzero(named != "").tolist():
                starts, ends = _column(lines, cells, column, self._end(number))
                skipped = int(self.stretch.pieces[number].first)
                found.append((starts[skipped:], ends[skipped:], str(named[column])))
        return found

    def _end(self, number: int) -> int:
        begins = self.stretch.begins_folded
        return int(begins[number + 1]) - 1 if number + 1 < len(begins) else len(self.stretch.codes)


def _column(lines: Places, cells: Places, column: int, end: int) -> tuple[Places, Places]:
    """Return where the cells of a column start and end, of all lines that have so many cells."""
    behind = np.append(lines[1:] - 1, end)  # where each line ends
    first = np.searchsorted(cells, lines)
    count = np.searchsorted(cells, behind) - first
    good = count >= column
    first, lines, behind, count = first[good], lines[good], behind[good], count[good]
    padded = np.append(cells, end)
    starts = lines if column == 0 else padded[first + column - 1] + 1
    ends = np.where(count > column, padded[np.minimum(first + column, len(cells))], behind)
    return starts, ends


@lru_cache(maxsize=4096)
def _named(head: re.Pattern[str], against: re.Pattern[str], heads: tuple[str, ...]) -> tuple[Words, Bools]:
    named: Words = np.full(len(heads), "", object)
    other = np.zeros(len(heads), np.bool_)
    for column, text in enumerate(heads):
        found = head.search(text)
        named[column] = found[0] if found else ""
        other[column] = found is None and against.search(text) is not None
    return named, other


def heads_of(kind: Kind, table: Table, against: re.Pattern[str]) -> tuple[Words, Bools]:
    """Return for each column the word of its head that names `kind`, and whether it names another number."""
    return _named(kind.head, against, table.heads)
