"""Writes tables as xlsx or CSV row by row, and marks the faults of an import in a copy of its file.

Follows ECMA-376 and RFC 4180.  No cell is ever a formula: in xlsx texts are stored as texts (with the quote
prefix, so that editing does not wake them), in CSV a dangerous beginning gets an apostrophe that `read_table`
takes off again.  So whatever is written reads back as it was.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shoumi.server.accounts.naming import require_viewer, text_now
from shoumi.server.files.tables.cells import plain
from shoumi.server.files.tables.separated import guarded
from shoumi.server.files.tables.sheets import CellTrouble, Table, Value
from shoumi.server.files.tables.spec import ColumnSpec, Fault

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31  # of a sheet
_LONGEST_COMMENT = 2_000
_HEAD = Font(bold=True)
_WRONG = PatternFill("solid", fgColor="FFF2CC")
_TOP = Alignment(vertical="top", wrap_text=True)


class TableFormat(StrEnum):
    """In which format a table leaves the house."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The media type for HTTP."""
        return XLSX_TYPE if self is TableFormat.XLSX else CSV_TYPE


SheetContent = tuple[str, Sequence[ColumnSpec], Iterable[Sequence[Value]]]  # title, columns, rows


def write_table(
    target: BinaryIO,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[Value]],
    *,
    file_format: TableFormat,
    title: str = "Sheet1",
) -> None:
    """Write one table to `target`; `rows` is consumed one by one and may be endless in all but disk.

    The values of a row follow `columns`.  The header carries the titles in the present language.
    """
    require_viewer()
    if file_format is TableFormat.XLSX:
        write_workbook(target, [(title, columns, rows)])
        return
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([guarded(str(column.title)) for column in columns])
    writer.writerows([_in_csv(value) for value in row] for row in rows)
    text.flush()
    text.detach()


def write_workbook(target: BinaryIO, sheets: Iterable[SheetContent]) -> None:
    """Write several tables as the sheets of one workbook; the rows are streamed through a temporary file."""
    require_viewer()
    workbook = Workbook(write_only=True)
    for title, columns, rows in sheets:
        sheet = workbook.create_sheet(_sheet_title(title))
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.append([_cell(sheet, str(column.title), font=_HEAD) for column in columns])
        for row in rows:
            sheet.append([_cell(sheet, _shown(value)) for value in row])
    workbook.save(target)
    workbook.close()


def write_annotated(target: BinaryIO, table: Table, faults: Sequence[Fault]) -> None:
    """Write a copy of an uploaded table in which every faulty cell is coloured and says what is wrong.

    Values are copied, looks are not.  A further sheet lists all faults with their addresses, to be worked
    through; then the file can be uploaded again as it is.
    """
    by_cell: dict[str, list[str]] = {}
    for fault in faults:
        by_cell.setdefault(fault.cell, []).append(text_now(fault.text))
    workbook = Workbook(write_only=True)
    for sheet in table.sheets:
        copy = workbook.create_sheet(_sheet_title(sheet.name or "CSV"))
        at = 1
        for row in sheet.rows:
            while at < row.number:
                copy.append([])
                at += 1
            notes = {c: by_cell.get(sheet.address(row.number, c)) for c in range(1, sheet.width + 1)}
            cells = [
                _cell(copy, row.value(column), note="\n".join(note) if note else "")
                for column, note in notes.items()
            ]
            copy.append(cells)
            at += 1
    listing = workbook.create_sheet(_sheet_title("!" + str(len(faults))))
    listing.column_dimensions["A"].width = 24
    listing.column_dimensions["B"].width = 90
    for fault in faults:
        listing.append([_cell(listing, fault.cell), _cell(listing, text_now(fault.text))])
    workbook.save(target)
    workbook.close()


def _cell(sheet: Worksheet, value: Value, *, font: Font | None = None, note: str = "") -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = _NOT_IN_XML.sub("\ufffd", value)
        cell.data_type = "s"  # a text, also when it begins with "="
        cell.quotePrefix = bool(value) and guarded(value) != value
    elif isinstance(value, CellTrouble):
        cell.value = None
    elif isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value
    if font:
        cell.font = font
    if note:
        cell.fill = _WRONG
        cell.alignment = _TOP
        cell.comment = Comment(note[:_LONGEST_COMMENT], "Shoumi", width=360, height=120)
    return cell


def _shown(value: Value) -> Value:
    """Return a value as who takes the table along may read it."""
    return text_now(value) if isinstance(value, str) else value


def _in_csv(value: Value) -> str:
    if value is None or isinstance(value, CellTrouble):
        return ""
    text = plain(_shown(value))
    return guarded(text) if isinstance(value, str) else text


def _sheet_title(title: str) -> str:
    return _NOT_IN_TITLES.sub(" ", title).strip("'")[:_LONGEST_TITLE] or "Sheet1"


def rows_of(records: Iterable[Mapping[str, Value]], columns: Sequence[ColumnSpec]) -> Iterable[list[Value]]:
    """Yield the values of each record in the order of `columns`."""
    return ([record.get(column.name) for column in columns] for record in records)
