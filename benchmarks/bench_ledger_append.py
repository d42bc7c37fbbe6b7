"""Durable appends per second on SQLite, one by one and in batches of 100, beside the bare INSERT.

References, in the same run, on the same file system, with the same settings (WAL, synchronous=FULL), by
plain `sqlite3`, `BEGIN IMMEDIATE; INSERT ...; COMMIT` of the same bytes, all columns of entry and detail:
`same` into tables with the same indexes, `plain` into tables with a primary key and nothing else.
Rounds alternate, so that a busy machine slows all.  Aim: at least 0.6 of `same`.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROUNDS = 9
ONE_BY_ONE = 300  # entries a round
BATCHES, BATCH = 30, 100
AIM = 0.6
INDEXED = ("subject", "actor", "tag")


def prepare(directory: Path) -> None:
    """Set up an installation of the ledger's tables in `directory`."""
    os.environ["SHOUMI_DATA_DIRECTORY"] = str(directory)
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "shoumi.server.project.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "ledger", verbosity=0)


def records(count: int, *, detail: bool) -> list[object]:
    """Return `count` entries as the register writes them."""
    from shoumi.server.ledger.services import Record
    from shoumi.server.ledger.tags import LedgerTag

    actor, values = f"user:{uuid.uuid4()}", {"state": "proposed"} if detail else {}
    return [
        Record(LedgerTag.LEDGER_EVIDENCE_MADE, actor, f"secret:{uuid.uuid4()}", values) for _ in range(count)
    ]


def ours(made: list[object], batch: int) -> float:
    """Append `made` in transactions of `batch` entries; return seconds."""
    from django.db import transaction

    from shoumi.server.ledger.services import append, append_many

    began = time.perf_counter()
    if batch == 1:
        for record in made:
            with transaction.atomic():
                append(record.tag, actor=record.actor, subject=record.subject, detail=record.detail)
    else:
        for first in range(0, len(made), batch):
            with transaction.atomic():
                append_many(made[first : first + batch])
    return time.perf_counter() - began


class Bare:
    """A reference: tables with the same columns, without triggers, hashes and seals."""

    def __init__(self, path: Path, *, indexed: bool) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA cache_size=-65536",
            "PRAGMA mmap_size=268435456",
            "CREATE TABLE entry (i INTEGER PRIMARY KEY, body, seal, tag, subject, actor, time)",
            "CREATE TABLE detail (i INTEGER PRIMARY KEY, name, value, salt)",
            *(f"CREATE INDEX by_{name} ON entry ({name}, i)" for name in INDEXED if indexed),
        ):
            self.connection.execute(statement)

    def run(self, entries: list[tuple], details: list[tuple], batch: int) -> float:
        """Insert the rows in transactions of `batch` entries; return seconds."""
        execute, many = self.connection.execute, self.connection.executemany
        began = time.perf_counter()
        for first in range(0, len(entries), batch):
            execute("BEGIN IMMEDIATE")
            many("INSERT INTO entry VALUES (?,?,?,?,?,?,?)", entries[first : first + batch])
            if details:
                many("INSERT INTO detail VALUES (?,?,?,?)", details[first : first + batch])
            execute("COMMIT")
        return time.perf_counter() - began


def stored(count: int) -> tuple[list[tuple], list[tuple]]:
    """Return the last `count` entries and their details as they lie in the ledger's tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute('SELECT * FROM ledger_ledgerentry ORDER BY "index" DESC LIMIT %s', [count])
        entries = cursor.fetchall()[::-1]
        cursor.execute("SELECT * FROM ledger_ledgerdetail WHERE id >= %s ORDER BY id", [entries[0][0] * 256])
        return entries, cursor.fetchall()


def main() -> int:
    """Print the figures; return 0 if the aim is met."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--directory", type=Path, help="file system to measure on; default: the scratch one")
    met = True
    with tempfile.TemporaryDirectory(dir=options.parse_args().directory) as scratch:
        prepare(Path(scratch))
        same = Bare(Path(scratch) / "same.sqlite3", indexed=True)
        plain = Bare(Path(scratch) / "plain.sqlite3", indexed=False)
        ours(records(200, detail=True), 100)  # warm up
        for detail in (False, True):
            for batch, count in ((1, ONE_BY_ONE), (BATCH, BATCHES * BATCH)):
                rates = []
                for _ in range(ROUNDS):
                    mine = ours(records(count, detail=detail), batch)
                    rows = stored(count)
                    rates.append(
                        [
                            count / seconds
                            for seconds in (mine, same.run(*rows, batch), plain.run(*rows, batch))
                        ]
                    )
                met = report(rates, batch, detail=detail) and met
    return 0 if met else 1


def report(rates: list[list[float]], batch: int, *, detail: bool) -> bool:
    """Print one line of medians; return whether the aim is met."""
    mine, same, plain = (statistics.median(column) for column in zip(*rates, strict=True))
    to_same, to_plain = (statistics.median(row[0] / row[which] for row in rates) for which in (1, 2))
    what = "one by one" if batch == 1 else f"batches of {batch}"
    what += ", one detail" if detail else ", no detail"
    print(
        f"append {what:27} {mine:8,.0f}/s   bare INSERT same {same:8,.0f}/s  ratio {to_same:.2f} (aim {AIM})"
        f"   plain {plain:8,.0f}/s  ratio {to_plain:.2f}"
    )
    return to_same >= AIM


if __name__ == "__main__":
    sys.exit(main())
