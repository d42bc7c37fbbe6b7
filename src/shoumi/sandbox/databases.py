"""SQLite files: every table with its rows, read from memory and never opened on disk.

Source: the SQLite file format, and "Defense Against The Dark Arts" of its manual.  Virtual tables are not
read, since that would run their code; views and triggers are never run.  Rows that were deleted but not
overwritten, and those still in a write-ahead log beside the file, are not read.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest, table
from shoumi.engine.inspection.extract.kinds import TEXT, UNKNOWN, kind_of
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.values import PartKind, Reason

_VERSIONS: Final = slice(18, 20)  # 2 where a write-ahead log was in use, which memory cannot have
_ROWS_AT_ONCE: Final = 10_000
_TABLES: Final = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rootpage"
_LARGEST: Final = 1 << 26  # of one value


def read_database(content: bytes, harvest: Harvest) -> None:
    """Read the tables of `content`.

    Raises:
        ClosedError: it is damaged; tables read before stay.
    """
    image = bytearray(content)
    image[_VERSIONS] = b"\1\1"
    connection = sqlite3.connect(":memory:")
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
        connection.deserialize(bytes(image))
        connection.executescript(
            "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON"
        )
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for (name,) in connection.execute(_TABLES).fetchall():
            _read_table(connection, str(name), harvest)
    except (sqlite3.Error, OverflowError) as error:
        raise ClosedError(Reason.DAMAGED, "a database that SQLite cannot read on") from error
    finally:
        connection.close()


def _read_table(connection: sqlite3.Connection, name: str, harvest: Harvest) -> None:
    quoted = name.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - quoted, and read only
    columns = [str(column[0]) for column in cursor.description]
    harvest.text(PartKind.NAME, name, name)
    number = 0
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        told = [columns]
        for row in rows:
            number += 1
            told.append(
                [
                    _shown(value, f"{name}/{number}/{column}", harvest)
                    for value, column in zip(row, columns, strict=True)
                ]
            )
        harvest.text(PartKind.SHEET, table(told), name)


def _shown(value: object, where: str, harvest: Harvest) -> str:
    """Return a value as text; a file or picture in a cell is read as a member."""
    if not isinstance(value, bytes):
        return "" if value is None else str(value)
    kind = kind_of(value)
    if kind == TEXT:
        return value.decode("utf-8", "replace")
    if kind != UNKNOWN:
        harvest.nested(where, value)
    return ""
