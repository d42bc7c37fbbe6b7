"""Rows for an index from tables: CSV files and workbooks; a database cursor is one already.

A table's first row names its columns; they may stand in any order and between others.  Reads row by row where
the format allows it.  Where no column is known yet, the encoding is guessed as that of any text is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from python_calamine import CalamineWorkbook

from shoumi.engine.inspection.exact.building import Row
from shoumi.engine.inspection.exact.rules import Rule
from shoumi.engine.inspection.extract.charsets import charset_of
from shoumi.engine.inspection.matching.errors import ColumnMissingError, RuleError, SheetMissingError

_ENCODINGS: Final = ("utf-8-sig", "gb18030", "cp932")
_LOOKED_AT: Final = 1 << 20
_LONGEST_CELL: Final = 1 << 20
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip and compound files


def rows_of(table: Iterable[Sequence[object]], rule: Rule, key_column: str) -> Iterator[Row]:
    """Yield the rows of a `table` whose first row names its columns.

    Rows without a key are left out: nobody could be told which they are.

    Raises:
        ColumnMissingError: a column that the rule names, or the one of the key, is missing.
    """
    rows = iter(table)
    names = [written(cell) for cell in next(rows, ())]
    wanted = [key_column, *(column.name for column in rule.columns)]
    if missing := [name for name in wanted if name not in names]:
        raise ColumnMissingError(columns=", ".join(missing))
    key, *places = (names.index(name) for name in wanted)
    for row in rows:
        cells = [written(cell) for cell in row]
        cells += [""] * (len(names) - len(cells))
        if cells[key]:
            yield cells[key], [cells[place] for place in places]


def rows_of_csv(path: Path, rule: Rule, key_column: str) -> Iterator[Row]:
    """Yield the rows of a CSV file, separated by comma, semicolon or tab.

    Raises:
        ColumnMissingError: a column is missing.
        RuleError: the file is in none of the encodings UTF-8, GB18030 and Shift_JIS.
    """
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    encoding = _encoding(head, [key_column, *(column.name for column in rule.columns)])
    first = head.split(b"\n", 1)[0].decode(encoding, "replace")
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as lines:
        yield from rows_of(csv.reader(lines, delimiter=separator), rule, key_column)


def rows_of_workbook(path: Path, rule: Rule, key_column: str, sheet: str | None = None) -> Iterator[Row]:
    """Yield the rows of a sheet (the first one, unless named) of an xlsx, xls, xlsb or ods workbook.

    Raises:
        ColumnMissingError, SheetMissingError: a column or the sheet is missing.
    """
    with CalamineWorkbook.from_path(path) as book:
        if sheet is not None and sheet not in book.sheet_names:
            raise SheetMissingError(sheet=sheet)
        table = book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
        yield from rows_of(table.iter_rows(), rule, key_column)


def tables_in(content: bytes) -> tuple[str, ...]:
    """Return the names of the sheets of a workbook; none for a text."""
    if not content.startswith(_WORKBOOKS):
        return ()
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return tuple(book.sheet_names)


def cells_in(content: bytes, sheet: str = "") -> Iterator[Sequence[object]]:
    """Yield the rows of a sheet (the first one, unless named) or of a CSV text, the names of columns first.

    Raises:
        SheetMissingError: there is no such sheet.
    """
    if content.startswith(_WORKBOOKS):
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            if sheet and sheet not in book.sheet_names:
                raise SheetMissingError(sheet=sheet)
            table = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
            yield from table.iter_rows()
        return
    text = content.decode(charset_of(content), "replace").removeprefix("\ufeff")
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    csv.field_size_limit(_LONGEST_CELL)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _encoding(head: bytes, names: Sequence[str]) -> str:
    """Return the encoding in which the first line names the columns, or else the first that fits."""
    end = head.rfind(b"\n") + 1 or len(head)  # no letter is cut
    fitting = []
    for encoding in _ENCODINGS:
        try:
            first, *_ = head[:end].decode(encoding).split("\n", 1)
        except UnicodeDecodeError:
            continue
        if all(name in first for name in names):
            return encoding
        fitting.append(encoding)
    if not fitting:
        raise RuleError(reason="the file is neither UTF-8 nor GB18030 nor Shift_JIS")
    return fitting[0]


def written(cell: object) -> str:
    """Return a cell as people write it: numbers without a needless fraction, nothing for none."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
