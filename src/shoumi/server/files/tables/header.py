"""Finds the header of a sheet and says which column is which, also across merged and two-row headers.

Matching is by synonyms in Chinese, Japanese and English after folding (width, case, spaces, brackets, stars).
It proposes; the person who imports can correct the mapping (`HeaderMatch.corrected`).
What a column holds is the task of `spec`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shoumi.server.files.tables.cells import folded
from shoumi.server.files.tables.sheets import Merge, Row, Sheet, is_blank

_ROWS_SEARCHED = 20
_DEEPEST = 3
_DECORATION = re.compile(r"[*＊※:：。.、\"'“”\s]|必填|必須|选填|任意|required|optional")
_BRACKETED = re.compile(r"[(（\[【〔〈<].*?[)）\]】〕〉>]")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the file as its header names it."""

    column: int  # 1-based
    label: str  # parts of a header of several rows joined by ` / `


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where the header stands and what each column was taken for."""

    row: int  # number of the first header row
    depth: int  # header rows, 1 to 3
    headings: tuple[Heading, ...]  # every column with a label
    columns: Mapping[str, int]  # name of the column in the spec → 1-based column of the file

    @property
    def last_row(self) -> int:
        """The number of the last header row; data begin below."""
        return self.row + self.depth - 1

    @property
    def unused(self) -> tuple[Heading, ...]:
        """The columns that were not recognised."""
        used = set(self.columns.values())
        return tuple(heading for heading in self.headings if heading.column not in used)

    def label_of(self, column: int) -> str:
        """Return the label of a 1-based column, empty if it has none."""
        return next((heading.label for heading in self.headings if heading.column == column), "")

    def corrected(self, columns: Mapping[str, int | None]) -> HeaderMatch:
        """Return the match with some columns assigned by a person; None takes a column away."""
        merged = {**self.columns, **columns}
        chosen = {name: column for name, column in columns.items() if column}
        taken = {column: name for name, column in chosen.items()}
        return replace(
            self,
            columns={
                name: column
                for name, column in merged.items()
                if column and taken.get(column, name) == name  # what a person chose wins
            },
        )


class Synonyms:
    """The words under which columns are known; made once for each table description."""

    def __init__(self, columns: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take (name, words) for each column; the earlier column wins a word claimed twice."""
        self._names: dict[str, str] = {}
        for name, words in columns:
            for word in words:
                self._names.setdefault(label_key(word), name)

    def find(self, label: str) -> tuple[str, int] | None:
        """Return the column's name and how sure the match is (0 exact, 1 without brackets), or None."""
        if (name := self._names.get(label_key(label))) is not None:
            return name, 0
        short = label_key(_BRACKETED.sub("", label))
        if short and (name := self._names.get(short)) is not None:
            return name, 1
        return None


def label_key(label: str) -> str:
    """Return a header label for comparison."""
    return _DECORATION.sub("", folded(label))


def match_header(sheet: Sheet, synonyms: Synonyms) -> HeaderMatch | None:
    """Return the best header among the first rows, None if no row names at least two known columns.

    More recognised columns win, then fewer header rows, then the earlier row.  Merged ranges that reach
    below, and a second row that labels columns the first leaves open, make the header deeper.
    """
    best: HeaderMatch | None = None
    for position in range(min(_ROWS_SEARCHED, len(sheet.rows))):
        for depth in range(1, _DEEPEST + 1):
            found = _match_at(sheet, position, depth, synonyms)
            if found and (best is None or _better(found, best)):
                best = found
    if best is None or len(best.columns) < min(2, sheet.width):
        return None
    return _deepened(sheet, best, synonyms)


def header_at(sheet: Sheet, row: int) -> HeaderMatch:
    """Return the header that a person will map by hand: the labels of one row, no column known."""
    labels = _labels(sheet, row, 1)
    headings = tuple(Heading(column, " / ".join(parts)) for column, parts in labels.items())
    return HeaderMatch(row, 1, headings, {})


def _better(found: HeaderMatch, best: HeaderMatch) -> bool:
    return (len(found.columns), -found.depth) > (len(best.columns), -best.depth)


def _match_at(sheet: Sheet, position: int, depth: int, synonyms: Synonyms) -> HeaderMatch | None:
    row = sheet.rows[position].number
    labels = _labels(sheet, row, depth)
    claims: list[tuple[int, int, str]] = []  # how sure, column, name
    for column, parts in labels.items():
        for rank, words in enumerate(_candidates(parts)):
            hit = synonyms.find(words)
            if hit:
                claims.append((rank * 2 + hit[1], column, hit[0]))
    columns: dict[str, int] = {}
    for _sure, column, name in sorted(claims):
        if name not in columns and column not in columns.values():
            columns[name] = column
    if not columns:
        return None
    headings = tuple(Heading(column, " / ".join(parts)) for column, parts in labels.items())
    return HeaderMatch(row, depth, headings, columns)


def _candidates(parts: Sequence[str]) -> tuple[str, ...]:
    """Return what a heading may be called, the surest first: 责任人姓名, 姓名, 责任人."""
    return ("".join(parts),) if len(parts) == 1 else ("".join(parts), parts[-1], parts[0])


def _labels(sheet: Sheet, row: int, depth: int) -> dict[int, list[str]]:
    """Return column → its labels from top to bottom, merged ranges read through, repetitions dropped."""
    first = bisect_left(sheet.rows, row, key=lambda line: line.number)
    lines = {line.number: line for line in sheet.rows[first : first + depth] if line.number < row + depth}
    labels: dict[int, list[str]] = {}
    for column in range(1, sheet.width + 1):
        parts: list[str] = []
        for number in range(row, row + depth):
            source_row, source_column = _anchor(sheet.merges, number, column)
            line = lines.get(source_row)
            value = line.value(source_column) if line else None
            if is_blank(value):
                continue
            text = " ".join(str(value).split())
            if not parts or parts[-1] != text:
                parts.append(text)
        if parts:
            labels[column] = parts
    if depth > 1 and not sheet.merges:
        _carry_right(sheet.width, row, labels, lines)
    return labels


def _carry_right(width: int, row: int, labels: dict[int, list[str]], lines: Mapping[int, Row]) -> None:
    """Give a CSV's open heading the group heading on its left, as a merged cell would have."""
    top = lines.get(row)
    if top is None or len(lines) < 2:  # noqa: PLR2004 - a group needs two rows
        return
    group = ""
    for column in range(1, width + 1):
        value = top.value(column)
        if not is_blank(value):
            group = " ".join(str(value).split())
        elif column in labels and group:
            labels[column].insert(0, group)


def _anchor(merges: Sequence[Merge], row: int, column: int) -> tuple[int, int]:
    for merge in merges:
        if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right:
            return merge.top, merge.left
    return row, column


def _deepened(sheet: Sheet, match: HeaderMatch, synonyms: Synonyms) -> HeaderMatch:
    """Return the match with the rows that still belong to the header."""
    while match.depth < _DEEPEST and _goes_on(sheet, match):
        position = next(index for index, row in enumerate(sheet.rows) if row.number == match.row)
        deeper = _match_at(sheet, position, match.depth + 1, synonyms)
        if deeper is None:
            return match
        kept = {name: column for name, column in match.columns.items() if name not in deeper.columns}
        free = {name: column for name, column in kept.items() if column not in deeper.columns.values()}
        match = replace(deeper, columns={**deeper.columns, **free})
    return match


def _goes_on(sheet: Sheet, match: HeaderMatch) -> bool:
    columns = set(match.columns.values())
    reaching = [
        merge
        for merge in sheet.merges
        if match.row <= merge.top <= match.last_row < merge.bottom
        and columns & set(range(merge.left, merge.right + 1))
    ]
    if reaching:
        return True
    below = next((row for row in sheet.rows if row.number == match.last_row + 1), None)
    if below is None or sheet.merges:
        return False
    labelled = {heading.column for heading in match.headings}
    filled = {index for index, value in enumerate(below.values, start=1) if not is_blank(value)}
    opened = filled - labelled
    return (
        bool(opened) and len(filled & columns) <= 1 and all(isinstance(below.value(c), str) for c in opened)
    )
