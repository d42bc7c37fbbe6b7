"""Reads xlsx workbooks cell by cell without trusting their size, their XML or their dimensions.

Follows ECMA-376 (SpreadsheetML); values come from openpyxl's streaming reader.  Before that each sheet is
surveyed with expat: it counts what is really there, collects the merged ranges that the streaming reader
does not know, finds formulas that nobody calculated, and refuses document type declarations.
Macros, links, pictures and comments are never looked at; the old .xls format is not read.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from shoumi.engine.errors import Location
from shoumi.server.files.tables.sheets import (
    CellTrouble,
    DamagedTableError,
    Limits,
    Merge,
    Row,
    Sheet,
    Table,
    TableTooLargeError,
    Value,
    trimmed,
)

ZIP_MAGIC = b"PK\x03\x04"
_DEPTH_AT_MOST = 64  # SpreadsheetML needs about ten
_CHUNK_BYTES = 64 * 1024
_LAST_ROW = 1_048_576  # of any spreadsheet
_ERROR_VALUES = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)\Z")
# What openpyxl and zipfile raise for broken input; anything else is a fault of ours and stays loud.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    SyntaxError,  # xml.etree.ElementTree.ParseError derives from it
    ArithmeticError,
    AttributeError,
    EOFError,
    KeyError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,  # an encrypted member
    TypeError,
    ValueError,
)


class _RefusedXMLError(ValueError):
    """The XML holds something that no spreadsheet program writes."""


@dataclass(slots=True)
class _Survey:
    """What one sheet's XML really holds."""

    rows: int = 0
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    merges: list[Merge] = field(default_factory=list)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)


class _Surveyor:
    """Counts values in a stream of SpreadsheetML events; one per sheet."""

    def __init__(self, limits: Limits, before: _Survey) -> None:
        self.found = _Survey()
        self._limits = limits
        self._before = before  # totals of the sheets read so far
        self._depth = 0
        self._row = 0
        self._column = 0
        self._row_counted = False
        self._formula = self._value = self._characters = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.buffer_text = True

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH_AT_MOST:
            raise _RefusedXMLError("nested too deeply")
        name = tag.rpartition(" ")[2]
        if name == "row":
            before = self._row
            self._row = int(float(attributes["r"])) if "r" in attributes else before + 1
            if not before < self._row <= _LAST_ROW:  # the streaming reader would drop such a row silently
                raise _RefusedXMLError("rows out of order")
            self._column = 0
            self._row_counted = False
        elif name == "c":
            if "r" in attributes:
                self._column = coordinate_to_tuple(attributes["r"])[1]
            else:
                self._column += 1
            self._formula = self._value = self._characters = False
        elif name == "f":
            self._formula = True
        elif name in {"v", "is"}:
            self._value = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _text(self, _characters: str) -> None:
        if self._value:
            self._characters = True

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag.rpartition(" ")[2] != "c":
            return
        if self._characters:
            self._count()
        elif self._formula:
            self._count()
            self.found.uncalculated.add((self._row, self._column))
        self._value = False

    def _merge(self, reference: str) -> None:
        left, top, right, bottom = range_boundaries(reference)
        if None in {left, top, right, bottom}:
            raise _RefusedXMLError("a merged range without corners")
        self.found.merges.append(Merge(int(top), int(left), int(bottom), int(right)))
        _within("merged cells", len(self.found.merges), self._limits.rows)

    def _count(self) -> None:
        found, before, limits = self.found, self._before, self._limits
        found.cells += 1
        _within("cells", before.cells + found.cells, limits.cells)
        if not self._row_counted:
            self._row_counted = True
            found.rows += 1
            _within("rows", before.rows + found.rows, limits.rows)
        if self._column > found.last_column:
            found.last_column = self._column
            _within("columns", found.last_column, limits.columns)
        found.last_row = max(found.last_row, self._row)


def read_workbook(stream: BinaryIO, name: str, limits: Limits) -> Table:
    """Return the visible and hidden sheets of an xlsx file; chart sheets and empty ones are left out.

    `stream` is seekable and stays open.  Work: the XML is read twice, nothing is written.

    Raises:
        TableTooLargeError: a limit is exceeded, also by a small file that unpacks to a large one.
        DamagedTableError: it is a zip file and yet no readable workbook.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_members(archive, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles it drops; we never asked
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                return _read_sheets(workbook, stream, name, limits)
            finally:
                workbook.close()
    except TableTooLargeError:
        raise
    except _BROKEN as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedTableError(location=Location(path=name), reason=reason[:200]) from error


def _read_sheets(workbook: object, stream: BinaryIO, name: str, limits: Limits) -> Table:
    sheets: list[Sheet] = []
    total = _Survey()
    worksheets = workbook.worksheets  # type: ignore[attr-defined]
    _within("sheets", len(worksheets), limits.sheets)
    for worksheet in worksheets:
        with zipfile.ZipFile(stream) as archive:
            survey = _survey(archive, worksheet._worksheet_path, limits, total)  # noqa: SLF001 - no public name
        total.rows += survey.rows
        total.cells += survey.cells
        if survey.cells:
            rows = tuple(_rows(worksheet, survey, limits))
            sheets.append(Sheet(worksheet.title, rows, tuple(survey.merges)))
    epoch = workbook.epoch  # type: ignore[attr-defined]
    return Table(name, tuple(sheets), epoch=epoch.date())


def _rows(worksheet: object, survey: _Survey, limits: Limits) -> Iterator[Row]:
    """Yield the rows with values; the bounds come from the survey, not from the file's own claim."""
    worksheet.reset_dimensions()  # type: ignore[attr-defined]
    rows = worksheet.iter_rows(  # type: ignore[attr-defined]
        max_row=survey.last_row, max_col=survey.last_column, values_only=True
    )
    for number, raw in enumerate(rows, start=1):
        values = [_value(item, limits) for item in raw]
        if survey.uncalculated:
            for column in range(1, len(values) + 1):
                if values[column - 1] is None and (number, column) in survey.uncalculated:
                    values[column - 1] = CellTrouble.FORMULA
        kept = trimmed(values)
        if kept:
            yield Row(number, kept)


def _value(raw: object, limits: Limits) -> Value:
    if isinstance(raw, str):
        if len(raw) > limits.cell_characters:
            raise TableTooLargeError(
                what="characters in one cell", found=len(raw), limit=limits.cell_characters
            )
        return CellTrouble.ERROR if _ERROR_VALUES.match(raw) else raw
    if raw is None or isinstance(raw, (bool, int, float, date, datetime, time, timedelta)):
        return raw
    return str(raw)


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an archive that unpacks to too much; `zipfile` never unpacks beyond the declared sizes."""
    members = archive.infolist()
    _within("files inside", len(members), limits.members)
    _within("bytes when unpacked", sum(member.file_size for member in members), limits.unpacked_bytes)
    if not any(member.filename == "[Content_Types].xml" for member in members):
        raise _RefusedXMLError("a zip file, but no workbook")
    for member in members:
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _RefusedXMLError("it is packed in a way that spreadsheets do not use")
        _check_prolog(archive, member)


def _check_prolog(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a part with a document type declaration: it could name files or grow without end.

    The declaration can only stand before the first element, so no more than that is read.
    """
    begun: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, _attributes: begun.append(name)
    with archive.open(member) as part:
        while not begun and (chunk := part.read(_CHUNK_BYTES)):
            try:
                parser.Parse(chunk, False)
            except expat.ExpatError:
                if member.filename.lower().endswith((".xml", ".rels")):
                    raise
                return  # a picture or the like; nothing parses it


def _survey(archive: zipfile.ZipFile, path: str, limits: Limits, before: _Survey) -> _Survey:
    surveyor = _Surveyor(limits, before)
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK_BYTES):
            surveyor.parser.Parse(chunk, False)
    surveyor.parser.Parse(b"", True)
    return surveyor.found


def _refuse_doctype(*_parts: object) -> None:
    raise _RefusedXMLError("it holds a document type declaration")


def _within(what: str, found: int, limit: int) -> None:
    if found > limit:
        raise TableTooLargeError(what=what, found=found, limit=limit)
