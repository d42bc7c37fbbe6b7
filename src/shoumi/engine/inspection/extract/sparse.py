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
_ROW: Final = re.compile(r"<(?:[\w.-]+:)?row\s[^<>]*?\br=\"(\d{1,7})\"")
_WIDTHS: Final = ((re.compile(r"\br=\"[A-Z]{3}\d"), 16_384), (re.compile(r"\br=\"[A-Z]{2}\d"), 702))
_NARROW: Final = 26


def most_cells(sheet: str) -> int:
    """Return no fewer cells than a table around all cells of `sheet` would have."""
    rows = max(map(int, _ROW.findall(sheet)), default=0)
    return rows * next((width for pattern, width in _WIDTHS if pattern.search(sheet)), _NARROW)


def table_of(sheet: str, strings: str) -> str:
    """Return the cells of `sheet` by rows and columns, as far as the last that holds something."""
    shared = [all_text(item).replace("\n", "") for item in _ITEM.findall(strings)]
    rows: dict[int, dict[int, str]] = {}
    for head, form, inner in _CELL.findall(sheet):
        facts = attributes(head)
        where = position(facts.get("r", ""))
        if where is None:
            continue
        text = all_text(inner) if form == "is" else unescaped(inner)
        if facts.get("t") == "s":
            text = shared[int(text)] if text.isdecimal() and int(text) < len(shared) else ""
        if text:
            rows.setdefault(where[0], {})[where[1]] = cell_text(text)
    lines: list[str] = []
    for number in sorted(rows):
        lines += [""] * (number - len(lines) - 1)
        cells: list[str] = []
        for column in sorted(rows[number]):
            cells += [""] * (column - len(cells) - 1) + [rows[number][column]]
        lines.append("\t".join(cells))
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
