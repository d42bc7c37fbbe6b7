"""Checks of the database: reachable, durable, migrated, and its ledger guarded by triggers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        count = len(waiting)
        yield Finding(
            Level.FAIL,
            "database",
            ngettext("{count} migration waits.", "{count} migrations wait.", count).format(count=count),
            _("Run `shoumi manage migrate`."),
        )
        return
    missing = missing_triggers()
    if missing:
        yield Finding(
            Level.FAIL,
            "database",
            _("The ledger's guards are gone: {names}.").format(names=", ".join(missing)),
            _(
                "Somebody removed them: run the self-audit, find out who, "
                "then migrate `ledger` back and forth."
            ),
        )
    else:
        yield Finding(Level.OK, "database", _("Migrated, and the ledger's tables refuse changes."))


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
            _("PostgreSQL {version} is too old.").format(version=version),
            _("Use PostgreSQL {version} or newer.").format(version=POSTGRESQL_AT_LEAST),
        )
    for name, wanted in (("fsync", "on"), ("full_page_writes", "on"), ("server_encoding", "UTF8")):
        if setting(name) != wanted:
            yield Finding(
                Level.FAIL,
                "database",
                _("{name} is {value}.").format(name=name, value=setting(name)),
                _("Set {name} = {value} in postgresql.conf.").format(name=name, value=wanted),
            )
    if setting("synchronous_commit") == "off":
        yield Finding(
            Level.FAIL,
            "database",
            _("synchronous_commit is off: acknowledged entries can be lost."),
            _("Set {name} = {value} in postgresql.conf.").format(name="synchronous_commit", value="on"),
        )
    yield Finding(Level.OK, "database", _("PostgreSQL {version}.").format(version=version))


def _sqlite(cursor: object) -> Iterator[Finding]:
    """Examine the pragmas of SQLite that decide whether a commit is durable."""
    for name, wanted in (("journal_mode", {"wal"}), ("synchronous", {2, 3}), ("foreign_keys", {1})):
        cursor.execute(f"PRAGMA {name}")  # type: ignore[attr-defined]
        value = cursor.fetchone()[0]  # type: ignore[attr-defined]
        if value not in wanted:
            yield Finding(
                Level.FAIL,
                "database",
                _("SQLite's {name} is {value}.").format(name=name, value=value),
                _("Use the settings that come with Shoumi."),
            )
    yield Finding(Level.OK, "database", _("SQLite; for more than fifty people at a time use PostgreSQL."))
