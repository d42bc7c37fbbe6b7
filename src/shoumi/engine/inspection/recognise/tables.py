"""Finds the tables in a part, so that the head of a column can speak for the cells below it.

Sources: RFC 4180 for quoted cells; the way the readers give tables, rows by line feed and cells by tab.  A
sheet is one table; a text whose first lines have equally many cells is one; in documents, slides, pages and
mails lines with tabs that follow each other are.  Reads no cell but those of the heads.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from shoumi.engine.inspection.normalise import folded
from shoumi.engine.inspection.values import Part, PartKind

_HEAD_LINES: Final = 5
_CELL_ENDS: Final = "\t,;|"
_LONGEST_HEAD: Final = 4096
_FIRST_CELL: Final = re.compile(f"[^\n{_CELL_ENDS}]{{0,{_LONGEST_HEAD - 1}}}+[{_CELL_ENDS}]")
_HEADS_MOST: Final = 1 << 16  # characters of the first lines
_ROWS: Final = re.compile(r"(?:^[^\n\t]*\t[^\n]*(?:\n|\Z)){2,}", re.MULTILINE)
_ROWS_OF_PAGE: Final = re.compile(
    r"(?:^[^\n\t]*\t[^\n]*(?:\n|\Z)(?:[^\n\t]*\n(?=[^\n\t]*\n?[^\n\t]*\t)){0,2}){2,}", re.MULTILINE
)
_SHEET, _TEXT, _PAGE = PartKind.SHEET, PartKind.TEXT, PartKind.PAGE  # looked up once: asked of every part
_ODD_MOST: Final = 4  # lines: what wraps in a cell, or has lost one, between the rows of a table
_VALUE: Final = re.compile(r"\d{5}|@")  # stands in rows, and in no head of a column
_HEAD_MOST: Final = 40  # characters
_TABLES_MOST: Final = 1_000  # of one part; behind them text is text


@dataclass(frozen=True, slots=True)
class Table:
    """How a stretch of a part is a table."""

    cell_end: int
    heads: tuple[str, ...]  # of the columns, folded
    quoted: bool = False  # cells may stand in quotation marks and then hold what else ends a cell


class Block(NamedTuple):
    """A stretch of a part that is one table, or none."""

    start: int
    end: int
    table: Table | None
    headed: bool = False  # it begins with the heads


def tables_of(part: Part) -> Sequence[Block]:
    """Return the stretches of `part` that are tables."""
    text, kind = part.text, part.kind
    if kind is _SHEET:
        return (Block(0, len(text), _of_sheet(text), headed=True),)
    if kind is _TEXT and (table := _of_text(text)):
        return (Block(0, len(text), table, headed=True),)
    return list(_inner(text, page=kind is _PAGE)) if "\t" in text else ()


def blocks_of(part: Part, tables: Sequence[Block]) -> Sequence[Block]:
    """Return the whole of `part` in stretches that are its `tables` and stretches between them."""
    blocks, at = [], 0
    for table in tables:
        if at < table.start:
            blocks.append(Block(at, table.start, None))
        blocks.append(table)
        at = table.end
    if at < len(part.text) or not blocks:
        blocks.append(Block(at, len(part.text), None))
    return blocks


def _first_lines(text: str) -> list[str]:
    end = 0
    for _line in range(_HEAD_LINES):
        end = text.find("\n", end) + 1 or len(text)
    return text[: min(end, _HEADS_MOST)].split("\n")[:_HEAD_LINES]


def _of_sheet(text: str) -> Table:
    lines = _first_lines(text)
    head = next((line for line in lines if line.strip("\t").count("\t")), lines[0])
    return Table(ord("\t"), _folded(head.split("\t")))


def _of_text(text: str) -> Table | None:
    end = text.find("\n", 0, _HEADS_MOST) if _FIRST_CELL.match(text) else -1
    if end < 0:
        return None
    behind = text.find("\n", end + 1, _HEADS_MOST)
    lines = text[:end], text[end + 1 : behind if behind >= 0 else _HEADS_MOST]
    quoted = '"' in lines[0] or '"' in lines[1]
    for letter in _CELL_ENDS:
        count = lines[0].count(letter)
        if count and (quoted or lines[1].count(letter) == count):
            heads, first = _cells(lines[0], letter), _cells(lines[1], letter)
            if len(heads) == len(first) > 1:
                return Table(ord(letter), _folded(heads), quoted='"' in text)
    return None


def _cells(line: str, letter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=letter), [])
    except csv.Error:  # a line end within the line
        return []


def _folded(cells: list[str]) -> tuple[str, ...]:
    text = "\n".join(cells)  # of one line, so that no cell holds a line feed
    return tuple(cell.strip(' "\r') for cell in folded(text).split("\n"))


def _inner(text: str, *, page: bool) -> Iterator[Block]:
    """Yield the tables among the lines of a text; on a `page` empty cells leave no trace."""
    found = 0
    for rows in _stretches(text, page=page):
        lines = rows[0].removesuffix("\n").split("\n")
        starts = list(accumulate((len(line) + 1 for line in lines), initial=rows.start()))
        for first, last, table, headed in _tables(lines, page=page):
            found += 1
            if found > _TABLES_MOST:
                return
            yield Block(starts[first], min(starts[last], rows.end()), table, headed)


def _stretches(text: str, *, page: bool) -> Iterator[re.Match[str]]:
    """Yield the rows that follow each other; passes fast over lines that stand alone.

    Work: linear, since each search begins where the last ended.
    """
    pattern, apart = (_ROWS_OF_PAGE, 3) if page else (_ROWS, 1)  # line feeds from one row to the next
    tab = text.find("\t")
    while tab >= 0:
        end = text.find("\n", tab)
        behind = text.find("\t", end) if end >= 0 else -1
        if behind < 0:
            return
        if text.count("\n", end, behind) <= apart:
            rows = pattern.match(text, text.rfind("\n", 0, tab) + 1)
            if rows:
                yield rows
                behind = text.find("\t", rows.end())
        tab = behind


def _tables(lines: list[str], *, page: bool) -> Iterator[tuple[int, int, Table, bool]]:
    """Yield first and last line of each stretch of rows with its heads, and whether those stand in it."""
    counts = [line.count("\t") for line in lines]
    first = 0
    while first < len(lines) - 1:
        most = counts[first]
        least = most if page else min(1, most)  # cells at the end of a row may be missing
        table = _with_heads(lines[first]) if least <= counts[first + 1] <= most else None
        if table is None:
            first += 1
            continue
        headed, last = True, first + 1
        while last < len(lines):
            if least <= counts[last] <= most:
                last += 1
                continue
            near = range(last, min(last + _ODD_MOST, len(lines)))
            behind = next((at for at in near if least <= counts[at] <= most), 0)
            if not behind:
                break
            yield first, last, table, headed
            first, last, headed = behind, behind + 1, False
        yield first, last, table, headed
        first = last


def _with_heads(line: str) -> Table | None:
    """Return a table with this first line, if it looks like one of heads."""
    cells = line.split("\t")
    if _VALUE.search(line) or max(map(len, cells)) > 2 * _HEAD_MOST:
        return None
    heads = _folded(cells)
    named = [head for head in heads if head]
    if len(named) < 2 or any(len(head) > _HEAD_MOST or _VALUE.search(head) for head in named):  # noqa: PLR2004
        return None
    return Table(ord("\t"), heads)
