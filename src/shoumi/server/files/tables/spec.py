"""Describes the tables we take in, and reads a sheet by such a description: good rows, and every fault.

`TableSpec` and `ColumnSpec` are data: names, synonyms, parsers.  A fault is born at its cell and carries the
address, the column and a stable code.  Nothing is looked up in the database and nothing is written here; that
is the task of the app whose table it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import override, pgettext

from shoumi.engine.errors import FieldValue, InputError, Location, ShoumiError
from shoumi.server.files.tables.cells import CellError, RequiredCellError, folded, plain, shown
from shoumi.server.files.tables.dates import EXCEL_DAY_ZERO
from shoumi.server.files.tables.header import HeaderMatch, Synonyms, match_header
from shoumi.server.files.tables.sheets import Row, Sheet, Value, is_blank, spread_down


class MissingColumnError(CellError):
    """A column that must be there is not."""

    code = "tables.column_missing"
    message = "There is no column for “{column}”; add it or choose which column it is."


class NoHeaderError(CellError):
    """No row looks like the header of this table."""

    code = "tables.no_header"
    message = "No row of the sheet “{sheet}” names the columns we know."


class DuplicateRowError(CellError):
    """The same record stands in two rows."""

    code = "tables.duplicate_row"
    message = "“{value}” is already given in {cell}."


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, at its cell."""

    cell: str  # `花名册!C7`
    column: str  # name of the column in the spec, empty if it concerns the row or the sheet
    code: str
    fields: Mapping[str, FieldValue] = field(default_factory=dict)

    @classmethod
    def of(cls, error: ShoumiError, cell: str, column: str = "") -> Fault:
        """Return the fault that `error` reports, placed at `cell`."""
        return cls(cell, column, error.code, dict(error.fields))

    @property
    def location(self) -> Location:
        """The place, as errors carry it."""
        return Location(cell=self.cell)

    @property
    def text(self) -> str:
        """The sentence in the reader's language, without the place; catalogues hold messages by code."""
        message = pgettext(self.code, _message_of(self.code))
        return message.format(**{name: _spoken(value) for name, value in self.fields.items()})


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a table we take in or give out."""

    name: str  # key of the parsed value
    title: Any  # lazily translated; the header of exports
    synonyms: tuple[str, ...]  # further headers under which companies keep it
    parser: Callable[..., object]  # `Parser`, or with `dated` a function of (value, day zero)
    required: bool = False
    dated: bool = False
    blank: object = None  # the value of a blank cell, and of a missing column
    width: int = 16  # characters, for exports


@dataclass(frozen=True)
class TableSpec:
    """One kind of table."""

    name: str  # stable, `people.person`
    title: Any  # lazily translated; the name of the sheet in exports
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...] = ()  # columns that name a record; two rows with the same are a fault
    check: Callable[[Mapping[str, Any]], Iterable[tuple[str, CellError]]] | None = None  # across one row

    @cached_property
    def synonyms(self) -> Synonyms:
        """The words for header matching, with the titles in every language of the console."""
        titles: dict[str, list[str]] = {column.name: [] for column in self.columns}
        for language, _name in settings.LANGUAGES:
            with override(language):
                for column in self.columns:
                    titles[column.name].append(str(column.title))
        return Synonyms(
            (column.name, (column.name, *titles[column.name], *column.synonyms)) for column in self.columns
        )

    @cached_property
    def titles(self) -> frozenset[str]:
        """The names of the table in every language, folded: a sheet called so is this table."""
        found = set()
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.add(folded(str(self.title)))
        return frozenset(found)

    def column(self, name: str) -> ColumnSpec:
        """Return the column called `name`.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One good row: its values by column name, and where each stands."""

    number: int  # as the spreadsheet shows it
    sheet: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]  # column name → address; missing columns are absent

    def cell(self, column: str = "") -> str:
        """Return the address of a column's cell, or of the row's first cell."""
        return self.cells.get(column) or next(iter(self.cells.values()))

    def fault(self, error: ShoumiError, column: str = "") -> Fault:
        """Return the fault that `error` means at the cell of `column`."""
        return Fault.of(error, self.cell(column), column)


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row that is no record: a heading between rows, a sum, a note.  Shown, so that nothing vanishes."""

    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What one sheet gave."""

    spec: TableSpec
    sheet: str
    header: HeaderMatch | None
    rows: tuple[ParsedRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    broken: tuple[ParsedRow, ...] = ()  # faulty rows with the values that could be read, to look for more
    left_out: tuple[LeftOutRow, ...] = ()

    @property
    def faulty_rows(self) -> int:
        """How many rows have at least one fault."""
        rows = {re.sub(r"\A.*?(\d+)\Z", r"\1", fault.cell) for fault in self.faults}
        return len(rows)


_SUM = re.compile(r"(合计|总计|小计|合計|小計|総計|计|計|total|subtotal|sum)[:：]?\Z")
_NOTE = re.compile(
    r"注|说明|説明|填表|填报|制表|审核|备注|备考|備考|※|＊|\*|作成者|記入|以下空白|以下余白"
    r"|note|prepared by|end of"
)


def parse_sheet(
    sheet: Sheet,
    spec: TableSpec,
    *,
    header: HeaderMatch | None = None,
    epoch: date = EXCEL_DAY_ZERO,
) -> ParsedTable:
    """Return every good row of `sheet` and every fault, by address.

    `header` is what a person corrected; without it the best match is taken.  A missing required column is one
    fault and no row is read.  `epoch` is day zero of the workbook's serial dates.
    """
    header = header or match_header(sheet, spec.synonyms)
    if header is None:
        first = sheet.rows[0].number if sheet.rows else 1
        fault = Fault.of(NoHeaderError(sheet=sheet.name or "CSV"), sheet.address(first, 1))
        return ParsedTable(spec, sheet.name, None, faults=(fault,))
    missing = tuple(
        Fault.of(MissingColumnError(column=str(column.title)), sheet.address(header.last_row, 1), column.name)
        for column in spec.columns
        if column.required and column.name not in header.columns
    )
    if missing:
        return ParsedTable(spec, sheet.name, header, faults=missing)
    return _Reader(sheet, spec, header, epoch).read()


class _Reader:
    """Reads the rows below one header."""

    def __init__(self, sheet: Sheet, spec: TableSpec, header: HeaderMatch, epoch: date) -> None:
        self.sheet, self.spec, self.header, self.epoch = sheet, spec, header, epoch
        self.rows: list[ParsedRow] = []
        self.faults: list[Fault] = []
        self.broken: list[ParsedRow] = []
        self.left_out: list[LeftOutRow] = []
        self.seen: dict[tuple[str, ...], str] = {}
        self.banners = {merge.top for merge in sheet.merges if merge.right - merge.left >= 2}  # noqa: PLR2004

    def read(self) -> ParsedTable:
        body = [row for row in self.sheet.rows if row.number > self.header.last_row]
        for before, row in zip(body, spread_down(body, self.sheet.merges), strict=True):
            if self._is_record(before):
                self._read(row)
            else:
                text = next(plain(value) for value in before.values if not is_blank(value))
                self.left_out.append(LeftOutRow(self.sheet.address(row.number, 1), shown(text)))
        return ParsedTable(
            self.spec,
            self.sheet.name,
            self.header,
            tuple(self.rows),
            tuple(self.faults),
            tuple(self.broken),
            tuple(self.left_out),
        )

    def _is_record(self, row: Row) -> bool:
        filled = [value for value in row.values if not is_blank(value)]
        first = filled[0]
        if not isinstance(first, str):
            return True
        if _SUM.match(folded(first)):
            return False
        alone = len(filled) == 1
        return not (alone and (row.number in self.banners or _NOTE.match(first.strip().casefold())))

    def _read(self, row: Row) -> None:
        values: dict[str, Any] = {}
        cells: dict[str, str] = {}
        found: list[Fault] = []
        for column in self.spec.columns:
            place = self.header.columns.get(column.name)
            if place is None:
                values[column.name] = column.blank
                continue
            cells[column.name] = self.sheet.address(row.number, place)
            try:
                values[column.name] = self._parse(column, row.value(place))
            except InputError as error:
                found.append(Fault.of(error, cells[column.name], column.name))
        parsed = ParsedRow(row.number, self.sheet.name, values, cells)
        if not found:
            found += self._faults_across(parsed)
        self.faults += found
        (self.broken if found else self.rows).append(parsed)

    def _parse(self, column: ColumnSpec, value: Value) -> object:
        if is_blank(value):
            if column.required:
                raise RequiredCellError(column=str(column.title))
            return column.blank
        return column.parser(value, self.epoch) if column.dated else column.parser(value)

    def _faults_across(self, row: ParsedRow) -> list[Fault]:
        found = [row.fault(error, column) for column, error in (self.spec.check or _no_check)(row.values)]
        if not self.spec.key:
            return found
        key = tuple(folded(str(row.values[name])) for name in self.spec.key)
        last = self.spec.key[-1]
        if not any(key):  # nothing names the record, so nothing can be named twice
            return found
        if key in self.seen:
            words = " · ".join(str(row.values[name]) for name in self.spec.key)
            found.append(row.fault(DuplicateRowError(value=shown(words), cell=self.seen[key]), last))
        elif not found:
            self.seen[key] = row.cell(last)
        return found


def _no_check(_values: Mapping[str, Any]) -> Sequence[tuple[str, CellError]]:
    return ()


def best_spec(sheet: Sheet, specs: Sequence[TableSpec]) -> tuple[TableSpec, HeaderMatch] | None:
    """Return the description that fits a sheet best, None if none fits.

    A description whose required columns are all found wins over one that only finds more columns; the name
    of the sheet decides between equals in that.
    """
    found: list[tuple[tuple[bool, bool, int, float], int, TableSpec, HeaderMatch]] = []
    for order, spec in enumerate(specs):
        header = match_header(sheet, spec.synonyms)
        if header is not None:
            whole = all(column.name in header.columns for column in spec.columns if column.required)
            share = len(header.columns) / len(spec.columns)
            named = folded(sheet.name) in spec.titles
            found.append(((whole, named, len(header.columns), share), -order, spec, header))
    if not found:
        return None
    _score, _order, spec, header = max(found, key=lambda item: item[:2])
    return spec, header


def _message_of(code: str) -> str:
    waiting: list[type[ShoumiError]] = [ShoumiError]
    while waiting:
        error = waiting.pop()
        if error.code == code:
            return error.message
        waiting += error.__subclasses__()
    return ShoumiError.message


def _spoken(value: FieldValue) -> str:
    if isinstance(value, str) and value:
        return pgettext("error part", value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
