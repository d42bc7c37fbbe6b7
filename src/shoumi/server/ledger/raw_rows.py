"""Rows as they lie in the database, unconverted: whoever writes SQL may have put anything into them.

SQLite keeps text in a column for bytes and words in a column for times; an audit must not stumble over that.
What is not of the expected kind comes back as empty, which holds nowhere.  Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from django.db import connection

from shoumi.server.ledger.models import DETAILS_PER_ENTRY

_TIME: Final = {"sqlite": 'CAST("time" AS TEXT)', "postgresql": """("time" AT TIME ZONE 'UTC')::text"""}
_SELECT_ENTRIES: Final = (
    'SELECT "index", body, seal, tag, subject, actor, {time} FROM ledger_ledgerentry'
    ' WHERE "index" >= %s ORDER BY "index" LIMIT %s'
)
_SELECT_DETAILS: Final = (
    "SELECT id, name, value, salt FROM ledger_ledgerdetail WHERE id >= %s AND id < %s ORDER BY id"
)


class EntryRow(NamedTuple):
    """One row of the ledger, copied fields as they are."""

    index: int
    body: bytes
    seal: bytes
    tag: object
    subject: object
    actor: object
    time: object  # as `stored_time` writes it, if nobody touched it


class DetailRow(NamedTuple):
    """One detail."""

    name: object
    value: bytes  # UTF-8
    salt: bytes


def stored_bytes(value: object) -> bytes:
    """Return what a column for bytes holds; anything of another kind counts as empty."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


def stored_time(moment: datetime) -> str:
    """Return `moment` as the database in use shows it when nothing converts it."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return text.rstrip("0") if connection.vendor == "postgresql" and "." in text else text


def entry_rows(first: int, limit: int) -> list[EntryRow]:
    """Return up to `limit` entries from number `first` on, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT_ENTRIES.format(time=_TIME[connection.vendor]), [first, limit])
        return [
            EntryRow(index, stored_bytes(body), stored_bytes(seal), *rest)
            for index, body, seal, *rest in cursor.fetchall()
        ]


def detail_rows(first: int, end: int) -> Mapping[int, Sequence[DetailRow]]:
    """Return the details of the entries from `first` to before `end`, by entry."""
    found: defaultdict[int, list[DetailRow]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SELECT_DETAILS, [first * DETAILS_PER_ENTRY, end * DETAILS_PER_ENTRY])
        for number, name, value, salt in cursor.fetchall():
            text = value.encode() if isinstance(value, str) else b""
            found[number // DETAILS_PER_ENTRY].append(DetailRow(name, text, stored_bytes(salt)))
    return found
