"""What a worker does with an uploaded table: look at it, or give away the cells of chosen columns.

Looks are masked before they leave the worker.  Rows leave it as JSON lines, the key first; an index is made
of them by the caller, who has its key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from shoumi.engine.inspection.exact.building import Row
from shoumi.engine.inspection.exact.looking import look
from shoumi.engine.inspection.exact.sources import cells_in, tables_in, written

LOOK: Final = f"{__name__}:look_at"
ROWS: Final = f"{__name__}:rows_in"
_TOGETHER: Final = 1_000  # rows of a line


def look_at(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return what the table `content` is like; parameters: `sheet`, empty for the first."""
    found = look(cells_in(content, str(parameters["sheet"])), tables_in(content))
    return json.dumps(found.to_json()).encode(), {}


def rows_in(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return the cells of `columns`, the key's first; facts: `missing` columns, `rows`, those `left` out."""
    counting = Choosing(cells_in(content, str(parameters["sheet"])), parameters["columns"])
    if counting.missing:
        return b"", {"missing": counting.missing}
    told = bytearray()
    rows = iter(counting)
    while chunk := list(islice(rows, _TOGETHER)):
        told += json.dumps(chunk, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    return bytes(told), {"missing": [], "rows": counting.rows, "left": counting.left}


def rows_told(answer: bytes) -> Iterator[Row]:
    """Yield the rows that `rows_in` wrote."""
    for line in answer.splitlines():
        for key, *cells in json.loads(line):
            yield key, cells


class Choosing:
    """The chosen columns of a table, row by row; rows without a key are counted and left out."""

    def __init__(self, table: Iterable[Sequence[object]], columns: Sequence[str]) -> None:
        """Read the names; `columns` begins with the key."""
        self._lines = iter(table)
        names = [written(cell) for cell in next(self._lines, ())]
        self.missing = [name for name in columns if name not in names]
        self._places = [] if self.missing else [names.index(name) for name in columns]
        self.rows = self.left = 0

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the cells of each row that has a key."""
        for line in self._lines:
            cells = [written(line[place]) if place < len(line) else "" for place in self._places]
            if cells[0]:
                self.rows += 1
                yield cells
            elif any(cells):
                self.left += 1
