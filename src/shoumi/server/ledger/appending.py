"""Appending: the one place where ledger entries are written, in the caller's transaction, without gaps.

Source: `docs/decisions/0002-ledger-format.md`.  Other apps call it through `services`.  On SQLite the
statements go to the driver directly, which takes a third off every append.  Checkpoints are
`checkpoints`' task; nothing here asks who may do what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from shoumi.engine.canonical import JSONValue
from shoumi.engine.clock import format_time
from shoumi.server.ledger.entries import Draft, entry_draft, seal_of
from shoumi.server.ledger.keys import seal_key
from shoumi.server.ledger.models import DETAILS_PER_ENTRY, LedgerEntry
from shoumi.server.ledger.tags import Tag, tag_of
from shoumi.server.ledger.times import clock

APPEND_LOCK: Final = 0x5348_4F55_4D49_0001  # PostgreSQL advisory lock: one appending transaction at a time

_NEXT_INDEX: Final = (
    'SELECT (SELECT COALESCE(MAX("index") + 1, 0) FROM ledger_ledgerentry),'
    " (SELECT COALESCE(MAX(size), 0) FROM ledger_ledgercheckpoint)"
)
_INSERT_ENTRY: Final = (
    'INSERT INTO ledger_ledgerentry ("index", body, seal, tag, subject, actor, "time")'
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_DETAIL: Final = "INSERT INTO ledger_ledgerdetail (id, name, value, salt) VALUES (%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Record:
    """One entry to be: what `append` takes, for `append_many`."""

    tag: Tag
    actor: str  # "user:<uuid>" or "system:<part>"
    subject: str  # "secret:<uuid>", "file:<uuid>", ...
    detail: Mapping[str, JSONValue] = field(default_factory=dict)


def append(
    tag: Tag, *, actor: str, subject: str, detail: Mapping[str, JSONValue] | None = None
) -> LedgerEntry:
    """Write one entry at the end of the ledger, in the caller's transaction, and return it.

    Call it as the last write of a service: it holds the ledger's lock until the transaction ends.
    The log keeps only salted commitments to the values of `detail`; the values lie beside it and can be
    erased.  Never hand in a secret's content.

    Raises:
        TransactionManagementError: there is no `transaction.atomic()` around the call.
        EntryShapeError: `actor` or `subject` is not `kind:id`, or a name in `detail` not a plain word.
        NotCanonicalError: a value in `detail` cannot be written as canonical JSON.
    """
    writer = _Writer()
    first = writer.lock()
    now = clock().now()
    draft = _draft(Record(tag, actor, subject, detail or {}), format_time(now))
    seal = writer.write(first, now, [(tag, subject, actor, draft)])
    return LedgerEntry(first, draft.body, seal, str(tag), subject, actor, now)


def append_many(records: Iterable[Record]) -> range:
    """Write several entries at once, in order, and return their numbers; see `append`."""
    writer = _Writer()
    first = writer.lock()
    now = clock().now()
    time = format_time(now)
    rows = [
        (tag_of(record.tag).value, record.subject, record.actor, _draft(record, time)) for record in records
    ]
    writer.write(first, now, rows)
    return range(first, first + len(rows))


def _draft(record: Record, time: str) -> Draft:
    return entry_draft(
        tag_of(record.tag).value,
        actor=record.actor,
        subject=record.subject,
        time=time,
        detail=record.detail,
    )


def _sqlite_time(now: datetime) -> str:
    """Return `now` as Django's SQLite backend stores a time."""
    return now.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


class _Writer:
    """The statements of one append, on the connection of the caller's transaction."""

    __slots__ = ("_connection", "_on_sqlite")

    def __init__(self) -> None:
        """Take the connection.

        Raises:
            TransactionManagementError: the caller opened no transaction, or it is broken already.
        """
        self._connection: BaseDatabaseWrapper = connections[DEFAULT_DB_ALIAS]
        self._on_sqlite = self._connection.vendor == "sqlite"
        blocks = self._connection.atomic_blocks
        # The transaction that wraps a test does not count: outside of tests there would be none.
        if not self._connection.in_atomic_block or getattr(blocks[-1], "_from_testcase", False):
            raise TransactionManagementError("ledger.append must be called inside transaction.atomic()")
        self._connection.validate_no_broken_transaction()

    def lock(self) -> int:
        """Take the ledger's lock until the transaction ends, and return the number of the next entry.

        A number that a checkpoint covers is never given again: if the last entries were removed, the
        hole stays and the self-audit names it.  SQLite needs no lock of ours: its transactions are
        IMMEDIATE, there is one writer at a time.
        """
        if self._on_sqlite:
            with self._connection.wrap_database_errors:
                return max(self._connection.connection.execute(_NEXT_INDEX).fetchone())
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK])
            cursor.execute(_NEXT_INDEX)
            return max(cursor.fetchone())

    def write(self, first: int, now: datetime, rows: Sequence[tuple[str, str, str, Draft]]) -> bytes:
        """Insert `rows` (tag, subject, actor, draft) from number `first` on; return the last one's seal."""
        key = seal_key()
        time = _sqlite_time(now) if self._on_sqlite else now
        entries: list[tuple[Any, ...]] = []
        details: list[tuple[Any, ...]] = []
        seal = b""
        for index, (tag, subject, actor, draft) in enumerate(rows, first):
            seal = seal_of(index, draft.body, key)
            entries.append((index, draft.body, seal, str(tag), subject, actor, time))
            if draft.details:
                base = index * DETAILS_PER_ENTRY
                details += [(base + place, *detail) for place, detail in enumerate(draft.details)]
        self._insert(_INSERT_ENTRY, entries)
        if details:
            self._insert(_INSERT_DETAIL, details)
        return seal

    def _insert(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if self._on_sqlite:
            with self._connection.wrap_database_errors:
                self._connection.connection.executemany(statement.replace("%s", "?"), rows)
            return
        with self._connection.cursor() as cursor:
            cursor.executemany(statement, rows)
