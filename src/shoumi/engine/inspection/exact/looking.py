"""Look at a table before an index is made of it: its columns, what is wrong with it, and a few masked rows.

Source: advice of the makers of exact data match: short numbers, dates and values that many rows share find
too much.  What leaves here is masked: nobody reads a table of customers in a preview.  It decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Final

import numpy as np

from shoumi.engine.inspection.exact.rules import ColumnKind, walled
from shoumi.engine.inspection.exact.sources import written
from shoumi.engine.inspection.exact.values import Secrets, values_of
from shoumi.engine.inspection.values import masked

MOST_COLUMNS: Final = 200  # that are looked at
LONGEST_NAME: Final = 120
_LOOKED_AT: Final = 50_000  # rows that columns are judged by
_SAMPLES: Final = 5
_LONGEST_SAMPLE: Final = 40
_OFTEN: Final = 20  # rows that share a value on the average: it singles out nobody
_DATA: Final = re.compile(r"\d[\d\s-]{4,}|@")
_KINDS: Final = (  # what a column is by its name; the first that fits
    (ColumnKind.PHONE, re.compile(r"电话|手机|電話|携帯|phone|mobile|\btel", re.IGNORECASE)),
    (
        ColumnKind.COMPANY,
        re.compile(r"公司|企业|单位|会社|社名|法人|取引先|company|employer|organi[sz]ation", re.IGNORECASE),
    ),
    (
        ColumnKind.NAME,
        re.compile(r"姓名|氏名|名前|联系人|联络人|担当者|お名前|^name$|full.?name", re.IGNORECASE),
    ),
)


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """What one column is like; counts are of the rows that were looked at."""

    name: str  # masked if it seems to be no name but data
    kind: ColumnKind
    filled: int
    usable: int  # long enough to be looked for
    distinct: int  # of the usable ones
    samples: tuple[str, ...]  # masked

    @property
    def names_rows(self) -> bool:
        """Whether every row has a value of its own here."""
        return bool(self.filled) and self.filled == self.usable == self.distinct

    @property
    def often(self) -> bool:
        """Whether its values are shared by so many rows that they single out nobody."""
        return self.usable >= _OFTEN and self.usable >= _OFTEN * self.distinct


@dataclass(frozen=True, slots=True)
class TableLook:
    """What a table is like."""

    sheets: tuple[str, ...]
    rows: int  # below the names
    looked_at: int  # of them
    columns: tuple[ColumnLook, ...]
    faults: tuple[str, ...]  # no_rows, unnamed, named_twice, many_columns, head_is_data

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> TableLook:
        """Return the look that `to_json` wrote."""
        columns = tuple(
            ColumnLook(**{**each, "kind": ColumnKind(each["kind"]), "samples": tuple(each["samples"])})
            for each in value["columns"]
        )
        return cls(tuple(value["sheets"]), value["rows"], value["looked_at"], columns, tuple(value["faults"]))


def look(table: Iterable[Sequence[object]], sheets: Sequence[str] = ()) -> TableLook:
    """Return what `table`, whose first row names its columns, is like; it is read to its end."""
    lines = iter(table)
    names = [written(cell) for cell in next(lines, ())]
    while names and not names[-1]:
        names.pop()
    faults = []
    if len(names) > MOST_COLUMNS:
        faults.append("many_columns")
        names = names[:MOST_COLUMNS]
    rows = [[written(cell) for cell in line[: len(names)]] for line in islice(lines, _LOOKED_AT)]
    rows = [line for line in rows if any(line)]
    count = len(rows) + sum(any(written(cell) for cell in line) for line in lines)
    named = [name for name in names if name]
    if len(named) < len(names):
        faults.append("unnamed")
    if len(set(named)) < len(named):
        faults.append("named_twice")
    if any(_DATA.search(name) for name in names):
        faults.append("head_is_data")
    if not count or not named:
        faults.append("no_rows")
    columns = tuple(
        _column(name, [line[at] if at < len(line) else "" for line in rows])
        for at, name in enumerate(names)
        if name and names.index(name) == at
    )
    return TableLook(tuple(sheets), count, len(rows), columns, tuple(faults))


def _column(name: str, cells: list[str]) -> ColumnLook:
    kind = next((kind for kind, pattern in _KINDS if pattern.search(name)), ColumnKind.TEXT)
    hashes = values_of(walled(cells), kind, Secrets.of(bytes(32))).hashes if cells else np.zeros(0, np.uint64)
    usable = hashes[hashes != 0]
    shown = masked(name) if _DATA.search(name) else name
    samples = tuple(masked(cell[:_LONGEST_SAMPLE]) for cell in cells[:_SAMPLES])
    filled = sum(map(bool, cells))
    return ColumnLook(shown[:LONGEST_NAME], kind, filled, len(usable), len(np.unique(usable)), samples)
