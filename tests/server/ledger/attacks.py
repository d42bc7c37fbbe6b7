"""What somebody with all rights on the database could do to the ledger's rows, in SQL."""

from __future__ import annotations

from django.db import connection, transaction

from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.services import Record, append_many
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.triggers import drop_statements


def fill(count, *, detail=True):
    """Append `count` entries with one detail each."""
    records = [
        Record(LedgerTag.LEDGER_EVIDENCE_MADE, "user:1", f"secret:{n}", {"number": n} if detail else {})
        for n in range(count)
    ]
    with transaction.atomic():
        return append_many(records)


def drop_triggers():
    """Take the triggers down, as the owner of the tables can."""
    with connection.cursor() as cursor:
        for statement in drop_statements(connection.vendor):
            cursor.execute(statement)


def sql(statement, parameters=()):
    """Run one statement and check that it did something."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount != 0


COLUMNS = 'body, seal, tag, subject, actor, "time"'


def copy_row(source, index):
    """Insert a copy of entry `source` as entry `index`."""
    sql(
        f'INSERT INTO ledger_ledgerentry ("index", {COLUMNS}) SELECT %s, {COLUMNS}'
        ' FROM ledger_ledgerentry WHERE "index" = %s',
        [index, source],
    )


def squeeze_in(index):
    """Insert a foreign row as entry `index`, moving all from there on by one."""
    size = LedgerEntry.objects.count()
    for place in range(size - 1, index - 1, -1):
        sql('UPDATE ledger_ledgerentry SET "index" = %s WHERE "index" = %s', [place + 1, place])
    copy_row(index - 1 if index else size, index)
