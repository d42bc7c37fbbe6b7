"""What a read table is: sheets of rows of typed values, each cell with the address a spreadsheet shows.

Follows the addresses of spreadsheets (`Sheet!C7`, rows and columns from 1).  Holds the limits every
reader obeys and the faults that concern a whole file.
Reading itself is the task of `workbooks` (xlsx) and `separated` (CSV); meaning is the task of `spec`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from shoumi.engine.errors import InputError

_FILLS_AT_MOST = 1_000_000  # cells that merges may fill; overlapping merges of a hostile file stop here


class TableFileError(InputError):
    """The file as a whole cannot be read as a table; never raised itself."""

    code = "tables.file"
    message = "The file cannot be read as a table."


class UnknownTableFormatError(TableFileError):
    """The bytes are neither an xlsx workbook nor text."""

    code = "tables.unknown_format"
    message = "{name} is neither an xlsx workbook nor a CSV text; save it as .xlsx or .csv and try again."


class LockedWorkbookError(TableFileError):
    """An old .xls file, or a workbook locked with a password: both come in the same old container."""

    code = "tables.locked_workbook"
    message = "{name} is an old .xls file or locked with a password; save it as .xlsx without one."


class DamagedTableError(TableFileError):
    """The file begins like a table and then cannot be read."""

    code = "tables.damaged"
    message = "The file is damaged and cannot be read: {reason}."


class TableTooLargeError(TableFileError):
    """The file holds more than the limits allow, compressed or unpacked."""

    code = "tables.too_large"
    message = "The file has more {what} than allowed ({found}, at most {limit})."


class EmptyTableError(TableFileError):
    """There is no cell with a value in the file."""

    code = "tables.empty"
    message = "There is nothing in the file."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader takes in before it refuses; a hostile file costs at most this."""

    file_bytes: int = 20 * 1024**2  # as uploaded
    unpacked_bytes: int = 256 * 1024**2  # all members of an xlsx together
    members: int = 2_000  # files inside an xlsx
    sheets: int = 50
    rows: int = 120_000  # rows with a value, all sheets together
    columns: int = 200
    cells: int = 2_000_000  # cells with a value, all sheets together
    cell_characters: int = 32_767  # what a spreadsheet itself allows


class CellTrouble(Enum):
    """A cell that shows something and yet has no value."""

    ERROR = "error"  # #REF!, #N/A …
    FORMULA = "formula"  # a formula that no program has calculated yet


Value = str | int | float | bool | date | datetime | time | timedelta | CellTrouble | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the sheet."""

    number: int  # 1-based, as the spreadsheet shows it
    values: tuple[Value, ...]  # from column A; shorter than the sheet is wide if the rest is blank

    def value(self, column: int) -> Value:
        """Return the value in the 1-based `column`, None beyond the end."""
        return self.values[column - 1] if column <= len(self.values) else None


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; all four bounds are 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows with at least one value, in order."""

    name: str  # empty for a CSV text, which has no sheets
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    width: int = field(init=False)  # columns up to the last value

    def __post_init__(self) -> None:
        """Measure the sheet once."""
        object.__setattr__(self, "width", max((len(row.values) for row in self.rows), default=0))

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell, `花名册!C7`, or `C7` when the sheet has no name."""
        place = f"{column_letters(column)}{row}"
        return f"{self.name}!{place}" if self.name else place


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read: its sheets, and how it was stored."""

    name: str
    sheets: tuple[Sheet, ...]
    encoding: str = "xlsx"  # or the text encoding that was found
    epoch: date = field(default=date(1899, 12, 30))  # day zero of serial dates in this workbook

    def sheet(self, name: str) -> Sheet:
        """Return the sheet called `name`.

        Raises:
            KeyError: there is none.
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


def column_letters(column: int) -> str:
    """Return the letters of a 1-based column: 1 → A, 27 → AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_blank(value: Value) -> bool:
    """Tell whether a person looking at the cell sees nothing."""
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n\u3000\u00a0\u200b\ufeff"))


def trimmed(values: Sequence[Value]) -> tuple[Value, ...]:
    """Return `values` without the blank cells at the end."""
    last = len(values)
    while last and is_blank(values[last - 1]):
        last -= 1
    return tuple(values[:last])


def spread_down(rows: Sequence[Row], merges: Sequence[Merge]) -> Iterator[Row]:
    """Yield `rows` with each vertical merge repeated below its first row.

    Ledgers merge the department over several rows; each of those rows belongs to it.  Merges across columns
    are left alone: in the body they are headings between rows, in the header `header` reads them itself.

    Raises:
        TableTooLargeError: the merges fill more cells than a real table has.
    """
    tall = [merge for merge in merges if merge.bottom > merge.top]
    if not tall:
        yield from rows
        return
    fills = _fills(rows, tall)
    for row in rows:
        extra = fills.get(row.number)
        if not extra:
            yield row
            continue
        values = list(row.values) + [None] * (max(extra) - len(row.values))
        for column, value in extra.items():
            if is_blank(values[column - 1]):
                values[column - 1] = value
        yield Row(row.number, tuple(values))


def _fills(rows: Sequence[Row], tall: Sequence[Merge]) -> dict[int, dict[int, Value]]:
    """Return row number → column → value for the cells that vertical merges cover."""
    numbers = [row.number for row in rows]
    fills: dict[int, dict[int, Value]] = {}
    budget = _FILLS_AT_MOST
    for merge in tall:
        first, last = bisect_left(numbers, merge.top), bisect_right(numbers, merge.bottom)
        if first == len(numbers) or numbers[first] != merge.top:
            continue
        value = rows[first].value(merge.left)
        budget -= last - first
        if budget < 0:
            raise TableTooLargeError(what="merged cells", found=_FILLS_AT_MOST + 1, limit=_FILLS_AT_MOST)
        if not is_blank(value):
            for number in numbers[first + 1 : last]:
                fills.setdefault(number, {})[merge.left] = value
    return fills
