"""The database refuses to change or remove evidence, and the suite can still empty its tables."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.triggers import DETAIL_TABLE, FINAL_TABLES

ROWS = (
    """INSERT INTO ledger_ledgertile (level, "index", hashes, root) VALUES (0, 0, '', '')""",
    """INSERT INTO ledger_ledgercheckpoint (size, root, note, "time") VALUES (1, '', '', '2026-03-01')""",
    """INSERT INTO ledger_ledgerparty (id, kind, name, material, since, seal)
        VALUES (1, 'witness', 'w', '', '2026-03-01', '')""",
    """INSERT INTO ledger_ledgercosignature (checkpoint_id, party_id, line, "time")
        VALUES (1, 1, '', '2026-03-01')""",
    """INSERT INTO ledger_ledgertimestamp (checkpoint_id, party_id, token, "time")
        VALUES (1, 1, '', '2026-03-01')""",
)
KEYS = {"ledger_ledgerentry": '"index"', "ledger_ledgercheckpoint": "size"}


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def fill():
    with transaction.atomic():
        append(LedgerTag.LEDGER_AUDIT_FAILED, actor="system:test", subject="secret:1", detail={"reason": "x"})
    for sql in ROWS:
        run(sql)
    connection.check_constraints()  # PostgreSQL truncates nothing while foreign keys wait to be checked


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*FINAL_TABLES, DETAIL_TABLE])
@pytest.mark.parametrize(
    "act", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_the_database_refuses_to_change_or_remove(table, act):
    if act.startswith("TRUNCATE") and connection.vendor == "sqlite":
        act = "DELETE FROM {table} WHERE 1"
    fill()
    with pytest.raises(IntegrityError, match="the ledger refuses"):
        run(act.format(table=table, key=KEYS.get(table, "id")))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_a_transactional_test_begins_with_an_empty_ledger_and_with_triggers(round_):
    assert not LedgerEntry.objects.exists()
    fill()
    with pytest.raises(IntegrityError, match="the ledger refuses"):
        run("DELETE FROM ledger_ledgerentry")
