"""Appending: the one place where ledger entries are written, in the caller's transaction, without gaps.

Source: `docs/decisions/0002-ledger-format.md`.  Other apps call it through `services`.  Checkpoints are
`checkpoints`' task; nothing here asks who may do what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.transaction import TransactionManagementError

from shoumi.engine.canonical import JSONValue
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.server.ledger.entries import entry_draft, seal_of
from shoumi.server.ledger.keys import seal_key
from shoumi.server.ledger.models import DETAILS_PER_ENTRY, LedgerEntry
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.times import clock

APPEND_LOCK: Final = 0x5348_4F55_4D49_0001  # PostgreSQL advisory lock: one appending transaction at a time

_NEXT_INDEX: Final = (
    'SELECT (SELECT COALESCE(MAX("index") + 1, 0) FROM ledger_ledgerentry),'
    " (SELECT COALESCE(MAX(size), 0) FROM ledger_ledgercheckpoint)"
)
_INSERT_ENTRY: Final = (
    'INSERT INTO ledger_ledgerentry ("index", body, leaf_hash, seal, tag, subject, actor, "time")'
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_DETAIL: Final = "INSERT INTO ledger_ledgerdetail (id, name, value, salt) VALUES (%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Record:
    """One entry to be: what `append` takes, for `append_many`."""

    tag: LedgerTag
    actor: str  # "user:<uuid>" or "system:<part>"
    subject: str  # "secret:<uuid>", "file:<uuid>", ...
    detail: Mapping[str, JSONValue] = field(default_factory=dict)


def append(
    tag: LedgerTag, *, actor: str, subject: str, detail: Mapping[str, JSONValue] | None = None
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
    return append_many([Record(tag, actor, subject, detail or {})])[0]


def append_many(records: Iterable[Record]) -> list[LedgerEntry]:
    """Write several entries at once, in order, and return them; see `append`."""
    connection = connections[DEFAULT_DB_ALIAS]
    _refuse_outside_transaction(connection)
    key = seal_key()
    entries = []
    details = []
    with connection.cursor() as cursor:
        first = _next_index(connection, cursor)
        now = clock().now()
        for index, record in enumerate(records, first):
            tag = LedgerTag(record.tag)
            draft = entry_draft(
                tag.value, actor=record.actor, subject=record.subject, time=now, detail=record.detail
            )
            leaf = leaf_hash(draft.body)
            seal = seal_of(index, leaf, key)
            entries.append(
                LedgerEntry(index, draft.body, leaf, seal, tag.value, record.subject, record.actor, now)
            )
            base = index * DETAILS_PER_ENTRY
            details.extend((base + place, *detail) for place, detail in enumerate(draft.details))
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.executemany(
            _INSERT_ENTRY,
            [(e.index, e.body, e.leaf_hash, e.seal, e.tag, e.subject, e.actor, moment) for e in entries],
        )
        if details:
            cursor.executemany(_INSERT_DETAIL, details)
    return entries


def _refuse_outside_transaction(connection: BaseDatabaseWrapper) -> None:
    """Raise unless the caller opened a transaction; the one that wraps a test does not count."""
    if not connection.in_atomic_block or getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise TransactionManagementError("ledger.append must be called inside transaction.atomic()")


def _next_index(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> int:
    """Take the ledger's lock until the transaction ends, and return the number of the next entry.

    A number that a checkpoint covers is never given again: if the last entries were removed, the hole
    stays and the self-audit names it.  SQLite needs no lock of ours: its transactions are IMMEDIATE,
    there is one writer at a time.
    """
    if connection.vendor == "postgresql":
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK])
    cursor.execute(_NEXT_INDEX)
    return max(cursor.fetchone())
