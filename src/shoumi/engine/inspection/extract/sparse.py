"""Sheets whose cells lie so far apart that a table of them would not fit into memory.

Source: ECMA-376 part 1, 18.3.1.4 (cells) and 18.4.8 (shared strings).  One stray cell in the last corner of a
sheet makes 17 thousand million cells of it; here only those that hold something are kept.  Dates come as the
numbers that the file holds.
"""

from __future__ import annotations

import re
from typing import Final

from shoumi.engine.inspection.extract.gathering import cell_text
from shoumi.engine.inspection.extract.markup import all_text, attributes, unescaped

_CELL: Final = re.compile(
    r"<(?:[\w.-]+:)?c\s([^<>]*)>(?:<(?:[\w.-]+:)?f[^<>]*>(?:[^<]*</(?:[\w.-]+:)?f>)?)?"
    r"<(?:[\w.-]+:)?(v|is)>(.*?)</(?:[\w.-]+:)?\2>",
    re.DOTALL,
)
_ITEM: Final = re.compile(r"<(?:[\w.-]+:)?si>(.*?)</(?:[\w.-]+:)?si>", re.DOTALL)
_ROW: Final = re.compile(r"row\s[^<>]*?r=\"(\d{1,7})\"")
_WIDE: Final = re.compile(r" r=\"[A-Z]{2}")
_WIDEST: Final = re.compile(r" r=\"[A-Z]{3}")
_WIDTHS: Final = (26, 702, 16_384)  # columns with one, two and three letters


def most_cells(sheet: str) -> int:
    """Return no fewer cells than a table around all cells of `sheet` would have."""
    last = max(sheet.rfind("<row "), sheet.rfind(":row "))
    found = _ROW.search(sheet, last) if last >= 0 else None
    rows = int(found[1]) if found else 0
    letters = 0 if not _WIDE.search(sheet) else 2 if _WIDEST.search(sheet) else 1
    return rows * _WIDTHS[letters]


def table_of(sheet: str, strings: str, most: int) -> str:
    """Return the cells of `sheet` by rows and columns, as far as the last that holds something.

    Ends early, a little beyond `most` characters: a long string may stand in every cell.
    """
    shared = [cell_text(all_text(item).replace("\n", "")) for item in _ITEM.findall(strings)]
    rows: dict[int, dict[int, str]] = {}
    size = 0
    for found in _CELL.finditer(sheet):
        head, form, inner = found.groups()
        facts = attributes(head)
        where = position(facts.get("r", ""))
        if where is None:
            continue
        if facts.get("t") == "s":
            text = shared[int(inner)] if inner.isdecimal() and int(inner) < len(shared) else ""
        else:
            text = cell_text(all_text(inner) if form == "is" else unescaped(inner))
        if text:
            rows.setdefault(where[0], {})[where[1]] = text
            size += len(text)
        if size > most:
            break
    return _lines_of(rows, most)


def _lines_of(rows: dict[int, dict[int, str]], most: int) -> str:
    lines: list[str] = []
    size = 0
    for number in sorted(rows):
        if size > most:
            break
        lines += [""] * (number - len(lines) - 1)
        cells: list[str] = []
        for column in sorted(rows[number]):
            cells += [""] * (column - len(cells) - 1) + [rows[number][column]]
        lines.append("\t".join(cells))
        size += len(lines[-1])
    return "\n".join(lines)


def position(address: str) -> tuple[int, int] | None:
    """Return row and column, both 1-based, of an address such as `C7`; None for what is no cell."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", address)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column) if row <= 1_048_576 and column <= 16_384 else None  # noqa: PLR2004 - the size of a sheet
