"""Finds the lines and cells of all tables in a stretch at once.

Source: RFC 4180 for what separators within quotation marks are: letters. Which pieces are tables, and how
their cells end, `tables` told. Work: some steps over the letters of the tables, then a search for each place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise.letters import Bools, Bytes
from shoumi.engine.inspection.recognise.tables import Table


@dataclass(frozen=True, slots=True)
class Cells:
    """Places in a stretch, ascending."""

    lines: Places  # where lines begin
    ends: Places  # where cells end that are not the last of their line
    first: Places  # for each line the number of its first cell's end

    def columns(self, places: Places) -> tuple[Places, Places]:
        """Return the column in which each of these places within tables stands, and where its line begins."""
        line = np.searchsorted(self.lines, places, side="right") - 1
        return np.searchsorted(self.ends, places) - self.first[line], self.lines[line]

    def of_column(self, column: int, begin: int, end: int) -> tuple[Places, Places]:
        """Return where the cells of a column of the table from `begin` to `end` start and end.

        Lines that have no such cell are left out.
        """
        inside = begin, end + 1  # where the text ends with a line feed, an empty line begins at its end
        its = slice(*np.searchsorted(self.lines, inside).tolist())
        lines, ends = self.lines[its], self.ends[slice(*np.searchsorted(self.ends, inside).tolist())]
        first = self.first[its] - self.first[its][0]
        behind = np.append(lines[1:] - 1, end)  # where each line ends
        count = np.searchsorted(ends, behind) - first
        good = count >= column
        first, lines, behind, count = first[good], lines[good], behind[good], count[good]
        starts = lines if column == 0 else ends[first + column - 1] + 1
        inner = np.append(ends, end)[np.minimum(first + column, len(ends))]
        return starts, np.where(count > column, inner, behind)


def cells_of(signs: Bytes, spans: Sequence[tuple[int, int]], tables: Sequence[Table]) -> Cells:
    """Return the cells of `tables`; they stand at these ascending spans of `signs`, a NUL behind each."""
    begins, behind = np.array(spans, np.int64).reshape(-1, 2).T
    lengths = behind - begins + 1  # with the NUL, before which the empty line behind a line feed stands
    own = np.cumsum(lengths) - lengths  # where each table begins in the joined ones
    joined = np.concatenate([signs[begin : end + 1] for begin, end in spans])
    shifts = begins - own
    letters = np.repeat(np.array([table.cell_end for table in tables], np.uint8), lengths)
    feeds, ends = (joined == ord("\n")).nonzero()[0], (joined == letters).nonzero()[0]
    lines = np.sort(np.concatenate([own, feeds + 1]), kind="stable")
    quoted = np.array([table.quoted for table in tables])
    if quoted.any():
        ends = ends[~quoted[_owner(own, ends)] | _outside_quotes(joined, lines, ends)]
    first = np.searchsorted(ends, lines)
    return Cells(lines + shifts[_owner(own, lines)], ends + shifts[_owner(own, ends)], first)


def _owner(begins: Places, places: Places) -> Places:
    return np.searchsorted(begins, places, side="right") - 1


def _outside_quotes(signs: Bytes, lines: Places, ends: Places) -> Bools:
    """Return which of these places do not stand between quotation marks of their line."""
    marks = np.concatenate([[0], np.cumsum(signs == ord('"'))])
    before = marks[lines[_owner(lines, ends)]]
    return np.asarray((marks[ends] - before) % 2 == 0)
