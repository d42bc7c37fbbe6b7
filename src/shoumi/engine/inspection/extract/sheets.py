"""Workbooks: cells by calamine as a person sees them, and by ourselves what calamine leaves out.

Sources: ECMA-376 part 1, chapter 18; MS-XLSX for threaded comments.  Hidden and very hidden sheets are
sheets.  A number with more digits than a float holds is taken from the XML, digit by digit.  Formulas are
given only where they hold words of their own.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
from typing import Final

import python_calamine

from shoumi.engine.inspection.extract.gathering import Harvest, table
from shoumi.engine.inspection.extract.limits import ClosedError, SpentError
from shoumi.engine.inspection.extract.markup import all_text, attributes, decoded, unescaped
from shoumi.engine.inspection.extract.office import read_rest, targets, tell_story
from shoumi.engine.inspection.extract.package import Package
from shoumi.engine.inspection.extract.sparse import most_cells, position, table_of
from shoumi.engine.inspection.values import PartKind, Reason

Cell = float | int | str | bool | dt.date | dt.time | dt.timedelta

_LONG: Final = 1e15  # from here on a float no longer holds every integer as a person typed it
_CELLS_MOST: Final = 50_000_000
_MAIN: Final = "xl/workbook.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_LOOKED_THROUGH: Final = 1 << 24  # bytes of a sheet
_SHEET: Final = re.compile(r"<(?:[\w.-]+:)?sheet\s([^<>]*)>")
_DIMENSION: Final = re.compile(r"<(?:[\w.-]+:)?dimension\s[^<>]*ref=\"[A-Z]+\d+:([A-Z]+\d+)\"")
_HEAD_FOOT: Final = re.compile(r"<(?:[\w.-]+:)?((?:odd|even|first)(?:Header|Footer))(?:\s[^<>]*)?>([^<]+)<")
_FORMAT_CODE: Final = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Z])')
_FORMULA: Final = re.compile(r"<(?:[\w.-]+:)?f(?:\s[^<>]*)?>([^<]*(?:\"|&quot;)[^<]*)<")
_VALIDATION: Final = re.compile(r"<(?:[\w.-]+:)?formula[12]>([^<]*(?:\"|&quot;)[^<]*)<")
_LINK: Final = re.compile(r"<(?:[\w.-]+:)?hyperlink\s([^<>]*)>")
_CACHED: Final = re.compile(r"<(?:[\w.-]+:)?(?:[sndbe]|sharedItem)\s([^<>]*)>|</(?:[\w.-]+:)?(r)>")
_ENDED: Final = re.compile(r"(?:</(?:[\w.-]+:)?(?:\w*sheet|sst)|<(?:[\w.-]+:)?sst\s[^<>]*/)>\s*\Z")
_TAIL: Final = 1024  # characters
_LONG_VALUE: Final = re.compile(
    r"<(?:[\w.-]+:)?c\s[^<>]*?\br=\"([A-Z]{1,3}\d{1,7})\"[^<>]*>"
    r"(?:<(?:[\w.-]+:)?f[ />][^<]*(?:</(?:[\w.-]+:)?f>)?)?"
    r"<(?:[\w.-]+:)?v>(-?\d{16,})</"
)


def read_workbook(content: bytes, harvest: Harvest) -> None:
    """Read the cells of any workbook that calamine knows: xlsx, xlsb, xls, ods.

    Raises:
        ClosedError: it has a password, or is damaged; sheets read before stay.
    """
    for name, rows in cells_of(content, harvest):
        harvest.text(PartKind.SHEET, table([[shown(cell) for cell in row] for row in rows]), name)


def cells_of(
    content: bytes, harvest: Harvest, lost: dict[str, ClosedError] | None = None
) -> list[tuple[str, list[list[Cell]]]]:
    """Return the cells of each sheet that can be read; the others are put into `lost`, or else noted.

    Raises:
        ClosedError: no sheet can be read.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError as error:
        raise ClosedError(Reason.ENCRYPTED, "a workbook with a password") from error
    except BaseException as error:
        raise _closed(error) from error
    found: list[tuple[str, list[list[Cell]]]] = []
    for sheet in book.sheets_metadata:
        harvest.text(PartKind.NAME, sheet.name, sheet.name)
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            cells = book.get_sheet_by_name(sheet.name)
            if cells.total_height * cells.total_width > _CELLS_MOST:
                harvest.closed(Reason.TOO_LARGE, f"a sheet of more than {_CELLS_MOST} cells")
                continue
            found.append((sheet.name, cells.to_python(skip_empty_area=False)))
        except BaseException as error:  # noqa: BLE001 - a panic of the Rust library is a BaseException
            failure = _closed(error)
            if lost is None:
                harvest.closed(failure.reason, failure.detail)
            else:
                lost[sheet.name] = failure
    return found


def _closed(error: BaseException) -> ClosedError:
    """Return what a failure of calamine means, or raise it on if it is not calamine's."""
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        raise error
    if isinstance(error, MemoryError):
        return ClosedError(Reason.MEMORY, "a workbook larger than memory")
    encrypted = "password" in str(error).lower()
    return ClosedError(Reason.ENCRYPTED if encrypted else Reason.DAMAGED, type(error).__name__)


def shown(cell: Cell) -> str:
    """Return a value as a person sees it in a cell that is wide enough."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number(cell)
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)


def number(value: float) -> str:
    """Return a number in digits, never in powers of ten unless it is beyond all use as digits."""
    if value == int(value) if abs(value) < 1e300 else False:  # noqa: PLR2004 - infinities have no int
        return str(int(value)) if abs(value) < 1e40 else repr(value)  # noqa: PLR2004
    return f"{value:.15g}" if 1e-4 <= abs(value) < _LONG else repr(value)  # noqa: PLR2004


def read_xlsx(content: bytes, harvest: Harvest) -> None:
    """Read a workbook with comments, headers, drawings, caches and properties."""
    package = Package(content, harvest)
    places = _places(package, harvest)
    try:
        if any(_is_sparse(package, where) for where in places.values()):
            _tell_names(places, harvest)
            _read_ourselves(package, places, harvest)
        else:
            _read_cells(content, package, places, harvest)
    except SpentError:
        raise
    except ClosedError as error:
        harvest.closed(error.reason, error.detail)
    read_rest(package, harvest, _tell)


def _places(package: Package, harvest: Harvest) -> dict[str, str]:
    """Return the parts of the sheets by their names."""
    arrows = targets(package, harvest, _MAIN)
    tags = [attributes(found) for found in _SHEET.findall(decoded(package.peek(_MAIN) or b""))]
    return {facts.get("name", ""): arrows.get(facts.get("id", ""), "") for facts in tags}


def _is_sparse(package: Package, where: str) -> bool:
    """Tell whether a table of a sheet's cells would be too large; a large sheet is believed about itself."""
    info = package.members.get(where)
    if info is None:
        return False
    if info.file_size <= _LOOKED_THROUGH:
        return most_cells(decoded(package.peek(where) or b"")) > _CELLS_MOST
    found = _DIMENSION.search(decoded(package.head(where)))
    last = position(found[1]) if found else None
    return last is not None and last[0] * last[1] > _CELLS_MOST


def _read_cells(content: bytes, package: Package, places: dict[str, str], harvest: Harvest) -> None:
    """Read the cells by calamine, and by ourselves those of the sheets that it cannot read.

    One sheet of a kind that it does not know, as of old macros, keeps calamine from the whole workbook.
    """
    lost: dict[str, ClosedError] = {}
    sheets: list[tuple[str, list[list[Cell]]]] = []
    try:
        sheets = cells_of(content, harvest, lost)
    except ClosedError as error:
        if error.reason != Reason.DAMAGED or not places:
            raise
        _tell_names(places, harvest)
        lost = dict.fromkeys(places, error)
    if _has_long_numbers(sheets):
        _restore_digits(package, sheets, places)
    for name, rows in sheets:
        harvest.text(PartKind.SHEET, table([[shown(cell) for cell in row] for row in rows]), name)
    damaged = {name: error for name, error in lost.items() if error.reason == Reason.DAMAGED}
    whole = _read_ourselves(package, {name: places.get(name, "") for name in damaged}, harvest)
    for reason, detail in sorted(
        {(each.reason, each.detail) for name, each in lost.items() if name not in whole}
    ):
        harvest.closed(reason, detail)


def _tell_names(places: dict[str, str], harvest: Harvest) -> None:
    for name in places:
        harvest.text(PartKind.NAME, name, name)


def _read_ourselves(package: Package, places: dict[str, str], harvest: Harvest) -> set[str]:
    """Read the cells of these sheets from the XML; return those of which all is there."""
    strings = decoded(package.peek(_STRINGS) or b"") if places else ""
    whole = set()
    for name, where in places.items():
        sheet = decoded(package.peek(where) or b"")
        harvest.text(PartKind.SHEET, table_of(sheet, strings, harvest.room), name)
        if _ENDED.search(sheet, max(0, len(sheet) - _TAIL)) and (
            _STRINGS not in package.members or _ENDED.search(strings, max(0, len(strings) - _TAIL))
        ):
            whole.add(name)
    return whole


def _tell(name: str, text: str, harvest: Harvest) -> bool:
    if "/worksheets/" in name or "/chartsheets/" in name:
        _tell_sheet(text, harvest)
    elif "comment" in name.lower() and name.endswith(".xml"):
        tell_story(text, PartKind.COMMENT, harvest)
    elif "pivotCache" in name or "/externalLinks/" in name:
        harvest.text(PartKind.SHEET, _cached_rows(text) or all_text(text), posixpath.basename(name))
    elif name.endswith("/sharedStrings.xml"):
        return True  # calamine has put them into their cells
    elif name.endswith("/workbook.xml"):
        harvest.text(PartKind.PROPERTY, all_text(text), "defined names")
    else:
        return False
    return True


def _tell_sheet(text: str, harvest: Harvest) -> None:
    """Add what a sheet holds beside its cells."""
    for where, words in _HEAD_FOOT.findall(text[-65536:]):
        kind = PartKind.HEADER if where.endswith("Header") else PartKind.FOOTER
        harvest.text(kind, plain_header(unescaped(words)))
    found = _FORMULA.findall(text) if "f>" in text else []
    found += _VALIDATION.findall(text) if "formula1" in text else []
    formulas = [unescaped(each) for each in found]
    harvest.text(PartKind.PROPERTY, "\n".join(dict.fromkeys(formulas)), "formula")
    for link in _LINK.findall(text) if "hyperlink " in text else []:
        harvest.text(PartKind.PROPERTY, attributes(link).get("tooltip", ""), "link")


def plain_header(words: str) -> str:
    """Return the header or footer of a sheet without its format codes."""
    return _FORMAT_CODE.sub(" ", words).strip()


def _cached_rows(text: str) -> str:
    """Return the rows of a pivot cache, which may outlive the table they came from."""
    rows: list[list[str]] = [[]]
    for found, row_end in _CACHED.findall(text):
        if row_end:
            rows.append([])
        else:
            rows[-1].append(attributes(found).get("v", ""))
    return table([row for row in rows if any(row)])


def _has_long_numbers(sheets: list[tuple[str, list[list[Cell]]]]) -> bool:
    return any(
        type(cell) is float and abs(cell) >= _LONG for _name, rows in sheets for row in rows for cell in row
    )


def _restore_digits(
    package: Package, sheets: list[tuple[str, list[list[Cell]]]], places: dict[str, str]
) -> None:
    """Put the digits that the XML holds in the place of floats that have lost some of them."""
    for name, rows in sheets:
        content = package.peek(places.get(name, ""))
        for where, digits in _LONG_VALUE.findall(decoded(content or b"")):
            row, column = position(where) or (0, 0)
            if 0 < row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = digits
