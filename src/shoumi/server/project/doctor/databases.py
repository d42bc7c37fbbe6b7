"""Checks of the database: reachable, durable, migrated, and its ledger guarded by triggers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shoumi.server.ledger.guards import missing_triggers
from shoumi.server.project.config import Config
from shoumi.server.project.doctor.finding import Finding, Level

POSTGRESQL_AT_LEAST = 14


def database_findings(_config: Config) -> Iterator[Finding]:
    """Examine the database that the configuration names."""
    with connection.cursor() as cursor:
        yield from _postgresql(cursor) if connection.vendor == "postgresql" else _sqlite(cursor)
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            Level.FAIL, "database", f"{len(waiting)} migrations wait.", "Run `shoumi manage migrate`."
        )
        return
    missing = missing_triggers()
    if missing:
        yield Finding(
            Level.FAIL,
            "database",
            f"The ledger's guards are gone: {', '.join(missing)}.",
            "Somebody removed them: run the self-audit, find out who, then migrate `ledger` back and forth.",
        )
    else:
        yield Finding(Level.OK, "database", "Migrated, and the ledger's tables refuse changes.")


def _postgresql(cursor: object) -> Iterator[Finding]:
    """Examine the settings of a PostgreSQL server that decide whether a commit is durable."""

    def setting(name: str) -> str:
        cursor.execute(f"SHOW {name}")  # type: ignore[attr-defined]
        return str(cursor.fetchone()[0])  # type: ignore[attr-defined]

    version = int(setting("server_version_num")) // 10_000
    if version < POSTGRESQL_AT_LEAST:
        yield Finding(
            Level.FAIL,
            "database",
            f"PostgreSQL {version} is too old.",
            f"Use PostgreSQL {POSTGRESQL_AT_LEAST} or newer.",
        )
    for name, wanted in (("fsync", "on"), ("full_page_writes", "on"), ("server_encoding", "UTF8")):
        if setting(name) != wanted:
            yield Finding(
                Level.FAIL,
                "database",
                f"{name} is {setting(name)}.",
                f"Set {name} = {wanted} in postgresql.conf.",
            )
    if setting("synchronous_commit") == "off":
        yield Finding(
            Level.FAIL,
            "database",
            "synchronous_commit is off: acknowledged entries can be lost.",
            "Set synchronous_commit = on.",
        )
    yield Finding(Level.OK, "database", f"PostgreSQL {version}.")


def _sqlite(cursor: object) -> Iterator[Finding]:
    """Examine the pragmas of SQLite that decide whether a commit is durable."""
    for name, wanted in (("journal_mode", {"wal"}), ("synchronous", {2, 3}), ("foreign_keys", {1})):
        cursor.execute(f"PRAGMA {name}")  # type: ignore[attr-defined]
        value = cursor.fetchone()[0]  # type: ignore[attr-defined]
        if value not in wanted:
            yield Finding(
                Level.FAIL,
                "database",
                f"SQLite's {name} is {value}.",
                "Use the settings that come with Shoumi.",
            )
    yield Finding(Level.OK, "database", "SQLite; for more than fifty people at a time use PostgreSQL.")
