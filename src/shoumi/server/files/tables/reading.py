"""Reads any uploaded table: looks at the first bytes, then calls the reader for that format.

Formats: xlsx (ECMA-376) and CSV.  A file's name is shown in errors and never believed.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from shoumi.server.files.tables.separated import read_separated
from shoumi.server.files.tables.sheets import (
    EmptyTableError,
    Limits,
    LockedWorkbookError,
    Table,
    TableTooLargeError,
)
from shoumi.server.files.tables.workbooks import ZIP_MAGIC, read_workbook

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(
    stream: BinaryIO, name: str, limits: Limits | None = None, *, encoding: str | None = None
) -> Table:
    """Return the sheets, rows and typed values of the table in `stream`.

    `stream` is read to its end, at most `limits.file_bytes`.  `encoding` is for CSV texts whose encoding was
    guessed wrongly.

    Raises:
        UnknownTableFormatError: neither a workbook nor a text.
        LockedWorkbookError: an old .xls file or one with a password.
        DamagedTableError: broken in the middle; the place is named where it is known.
        TableTooLargeError: more than `limits` allow.
        EmptyTableError: no cell has a value.
    """
    limits = limits or Limits()
    data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise TableTooLargeError(what="bytes", found=len(data), limit=limits.file_bytes)
    if data.startswith(_OLE_MAGIC):
        raise LockedWorkbookError(name=name)
    if data.startswith(ZIP_MAGIC):
        table = read_workbook(io.BytesIO(data), name, limits)
    else:
        table = read_separated(data, name, limits, encoding)
    if not table.sheets:
        raise EmptyTableError
    return table
