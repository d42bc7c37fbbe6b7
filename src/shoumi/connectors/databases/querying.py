"""Sends one reading query to another database and gives its rows, the names of columns first.

Source: PostgreSQL's manual on SET TRANSACTION (a transaction that is read-only cannot become another after
its first query) and on the extended protocol (one statement a message); SQLite's on URI file names and on
authorizers.  Texts of a database's errors may quote what is in it: told are codes alone.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote, unquote, urlsplit

from shoumi.engine.errors import InputError, UnavailableError

LONGEST_QUERY: Final = 4_000
SECONDS: Final = 1_800  # of one query
_CONNECT_SECONDS: Final = 10
_TOGETHER: Final = 5_000  # rows fetched at once
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the clock
_READS: Final = re.compile(r"\s*(?:select|with|values|table)\b", re.IGNORECASE)
_PERMITTED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)


class QueryShapeError(InputError):
    """The text is not one query that reads."""

    code = "connectors.query_shape"
    message = "A query is one statement that begins with SELECT or WITH, without a semicolon."


class QueryFailedError(InputError):
    """The database refuses the query, or ended it."""

    code = "connectors.query_failed"
    message = "The database refuses the query; it says {state}."


class DatabaseUnreachableError(UnavailableError):
    """No connection came about."""

    code = "connectors.database_unreachable"
    message = "The database of the connection {name} cannot be reached."


@dataclass(frozen=True, slots=True)
class Connection:
    """A database that queries may be sent to."""

    name: str
    url: str = field(repr=False)  # it may hold a password
    entity: str = ""  # code of the only legal entity that may use it; empty: all


def checked(query: str) -> str:
    """Return the query as it is sent.

    Raises:
        QueryShapeError: it is not one statement that reads.
    """
    bare = query.strip().removesuffix(";").strip()
    if not _READS.match(bare) or ";" in bare or "\0" in bare or len(bare) > LONGEST_QUERY:
        raise QueryShapeError
    return bare


@contextmanager
def queried(
    connection: Connection, query: str, seconds: float = SECONDS
) -> Iterator[Iterator[Sequence[object]]]:
    """Give the rows of `query`, after one with the names of its columns.

    Raises:
        QueryShapeError: it is not one statement that reads.
        QueryFailedError: the database refuses it, also in the middle of its rows.
        DatabaseUnreachableError: there is no connection.
    """
    query = checked(query)
    if urlsplit(connection.url).scheme == "sqlite":
        with _sqlite(connection, query, seconds) as rows:
            yield rows
    else:
        with _postgresql(connection, query, seconds) as rows:
            yield rows


@contextmanager
def _sqlite(connection: Connection, query: str, seconds: float) -> Iterator[Iterator[Sequence[object]]]:
    path = unquote(urlsplit(connection.url).path.removeprefix("/"))
    try:
        opened = sqlite3.connect(f"file:{quote(str(Path(path).absolute()))}?mode=ro", uri=True)
    except sqlite3.Error:
        raise DatabaseUnreachableError(name=connection.name) from None
    with closing(opened):
        deadline = time.monotonic() + seconds
        opened.set_authorizer(_authorised)
        opened.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            cursor = opened.execute(query)
            yield _fetched(cursor)
        except sqlite3.Error as error:
            raise QueryFailedError(state=error.sqlite_errorname) from None


def _authorised(action: int, _first: object, second: object, *_rest: object) -> int:
    """Permit reading; no other database, no settings, no function that loads code."""
    if action == sqlite3.SQLITE_FUNCTION and str(second).lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _PERMITTED else sqlite3.SQLITE_DENY


@contextmanager
def _postgresql(connection: Connection, query: str, seconds: float) -> Iterator[Iterator[Sequence[object]]]:
    import psycopg  # in the extra of the server

    try:
        opened = psycopg.connect(
            connection.url,
            connect_timeout=_CONNECT_SECONDS,
            options=f"-c default_transaction_read_only=on -c statement_timeout={round(seconds * 1000)}",
        )
    except psycopg.Error:
        raise DatabaseUnreachableError(name=connection.name) from None
    with closing(opened):
        opened.read_only = True
        try:
            cursor = opened.cursor(name="shoumi")  # the server keeps the rows, and takes one statement
            cursor.itersize = _TOGETHER
            cursor.execute(query)
            yield _fetched(cursor)
        except psycopg.Error as error:
            raise QueryFailedError(state=error.sqlstate or type(error).__name__) from None


class _Cursor(Protocol):
    """What the cursors of both databases have."""

    @property
    def description(self) -> Sequence[Any] | None:
        """The columns, each with its name first."""
        ...

    def fetchmany(self, size: int, /) -> Sequence[Sequence[object]]:
        """Return the next rows."""
        ...


def _fetched(cursor: _Cursor) -> Iterator[Sequence[object]]:
    yield [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(_TOGETHER):
        yield from rows
