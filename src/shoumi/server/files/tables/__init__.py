"""Tables from and to spreadsheets: read with limits, understood by description, checked cell by cell.

Formats: xlsx (ECMA-376) and CSV (RFC 4180).  Imports with a preview are in `imports`; nothing here knows
what a person or a secret is.
"""

from shoumi.server.files.tables.reading import read_table
from shoumi.server.files.tables.sheets import Limits, Sheet, Table
from shoumi.server.files.tables.spec import (
    ColumnSpec,
    Fault,
    ParsedRow,
    ParsedTable,
    TableSpec,
    best_spec,
    parse_sheet,
)
from shoumi.server.files.tables.writing import TableFormat, write_annotated, write_table, write_workbook

__all__ = [
    "ColumnSpec",
    "Fault",
    "Limits",
    "ParsedRow",
    "ParsedTable",
    "Sheet",
    "Table",
    "TableFormat",
    "TableSpec",
    "best_spec",
    "parse_sheet",
    "read_table",
    "write_annotated",
    "write_table",
    "write_workbook",
]
