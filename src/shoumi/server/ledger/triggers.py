"""Triggers by which the database itself refuses to change or remove evidence.

Written for SQLite and PostgreSQL.  A detail may be deleted only after the ledger says that it is erased.
They stop mistakes and the application's own bugs; who owns the database can drop them, and then the
seals, checkpoints and the self-audit tell.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FINAL_TABLES: Final = (
    "ledger_ledgerentry",
    "ledger_ledgertile",
    "ledger_ledgercheckpoint",
    "ledger_ledgerparty",
    "ledger_ledgercosignature",
    "ledger_ledgertimestamp",
)
DETAIL_TABLE: Final = "ledger_ledgerdetail"

_SQLITE_ERASED: Final = (
    "EXISTS (SELECT 1 FROM ledger_ledgerentry WHERE tag = 'ledger:detail:erased'"
    " AND subject = 'entry:' || (OLD.id / 256))"
)
_POSTGRESQL_FUNCTIONS: Final = (
    """
    CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the ledger refuses % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION ledger_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM ledger_ledgerentry WHERE tag = 'ledger:detail:erased'
                       AND subject = 'entry:' || (OLD.id / 256)) THEN
            RAISE EXCEPTION 'the ledger refuses % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
        END IF;
        RETURN OLD;
    END $$
    """,
)


def _sqlite_create() -> list[str]:
    statements = [
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, 'the ledger refuses {event} on {table}'); END"
        for table in FINAL_TABLES
        for event in ("UPDATE", "DELETE")
    ]
    refuse = f"SELECT RAISE(ABORT, 'the ledger refuses %s on {DETAIL_TABLE}'); END"
    statements.append(
        f"CREATE TRIGGER {DETAIL_TABLE}_update BEFORE UPDATE ON {DETAIL_TABLE} BEGIN {refuse % 'UPDATE'}"
    )
    statements.append(
        f"CREATE TRIGGER {DETAIL_TABLE}_delete BEFORE DELETE ON {DETAIL_TABLE} "
        f"WHEN NOT {_SQLITE_ERASED} BEGIN {refuse % 'DELETE'}"
    )
    return statements


def _postgresql_create() -> list[str]:
    statements = [
        *_POSTGRESQL_FUNCTIONS,
        *(
            f"CREATE TRIGGER {table}_row BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
            for table in FINAL_TABLES
        ),
        *(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
            for table in (*FINAL_TABLES, DETAIL_TABLE)
        ),
    ]
    statements.append(
        f"CREATE TRIGGER {DETAIL_TABLE}_row BEFORE UPDATE ON {DETAIL_TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
    )
    statements.append(
        f"CREATE TRIGGER {DETAIL_TABLE}_erase BEFORE DELETE ON {DETAIL_TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_unless_erased()"
    )
    return statements


def create_statements(vendor: str) -> list[str]:
    """Return the SQL that puts the triggers up, for `sqlite` or `postgresql`."""
    return _sqlite_create() if vendor == "sqlite" else _postgresql_create()


def drop_statements(vendor: str) -> list[str]:
    """Return the SQL that takes the triggers down; migrations backwards and the test suite use it."""
    tables = (*FINAL_TABLES, DETAIL_TABLE)
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_{event}" for table in tables for event in ("update", "delete")
        ]
    drops = [
        f"DROP TRIGGER IF EXISTS {table}_{kind} ON {table}"
        for table in tables
        for kind in ("row", "truncate")
    ]
    return [*drops, f"DROP TRIGGER IF EXISTS {DETAIL_TABLE}_erase ON {DETAIL_TABLE}"]


def expected_triggers(vendor: str) -> frozenset[str]:
    """Return the names of all triggers that must be up."""
    words = (statement.split() for statement in create_statements(vendor))
    return frozenset(each[2] for each in words if each[:2] == ["CREATE", "TRIGGER"])


def create_triggers(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers up (migration forwards)."""
    with schema_editor.connection.cursor() as cursor:
        for statement in create_statements(schema_editor.connection.vendor):
            cursor.execute(statement)


def drop_triggers(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers down (migration backwards)."""
    with schema_editor.connection.cursor() as cursor:
        for statement in drop_statements(schema_editor.connection.vendor):
            cursor.execute(statement)
