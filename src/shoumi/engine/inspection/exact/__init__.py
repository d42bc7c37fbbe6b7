"""Exact data match: rows of our tables, found in any text though their values were reordered and respelt.

`build` and `update` make an index of keyed hashes from rows (`rows_of_csv`, `rows_of_workbook`, `rows_of`, or
any iterator); `ExactIndex.open(…).findings(parts)`, and `findings` over several indexes, find rows.
Format of the file and what a thief has of it: `docs/formats/exact-index.md`.
"""

from __future__ import annotations

from shoumi.engine.inspection.exact.building import Row, build, update
from shoumi.engine.inspection.exact.index import ExactIndex, findings
from shoumi.engine.inspection.exact.rules import Column, ColumnKind, Rule
from shoumi.engine.inspection.exact.sources import rows_of, rows_of_csv, rows_of_workbook

__all__ = [
    "Column",
    "ColumnKind",
    "ExactIndex",
    "Row",
    "Rule",
    "build",
    "findings",
    "rows_of",
    "rows_of_csv",
    "rows_of_workbook",
    "update",
]
