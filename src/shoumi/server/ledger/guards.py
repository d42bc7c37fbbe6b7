"""What a look at the ledger from outside wants to know: are the guards up, and is the checkpointer awake.

`doctor` reads this.  The self-audit, which reads every entry, is `audit`'s task.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from shoumi.server.ledger.models import LedgerCheckpoint, LedgerEntry
from shoumi.server.ledger.triggers import expected_triggers

_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def missing_triggers() -> list[str]:
    """Return the names of the triggers that should refuse changes and are not there, or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[connection.vendor])
        up = {row[0] for row in cursor.fetchall()}
    return sorted(expected_triggers(connection.vendor) - up)


def checkpoint_lag(now: datetime) -> timedelta:
    """Return how long the oldest entry without a checkpoint has waited at `now`; zero if there is none."""
    covered = LedgerCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    waiting = LedgerEntry.objects.filter(index__gte=covered).order_by("index").first()
    return max(now - waiting.time, timedelta()) if waiting else timedelta()
