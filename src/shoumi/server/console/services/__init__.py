"""Writes of the console: claims and results of scheduled jobs, and how somebody likes to see it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from shoumi.server.accounts.models import User
from shoumi.server.console.models import JobRun

CLAIM_LOCK = 7_306_001  # advisory lock of PostgreSQL; SQLite's IMMEDIATE transactions need none


def job_run_claim(*, name: str, not_since: datetime, now: datetime) -> JobRun | None:
    """Return a new run of job `name`, or None if one began after `not_since`.

    One worker wins: the look and the claim happen under one lock.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
        if JobRun.objects.filter(name=name, started_at__gt=not_since).exists():
            return None
        return JobRun.objects.create(name=name, started_at=now)


def job_run_finish(*, run: JobRun, now: datetime, fault: str = "") -> None:
    """Record the end of `run`, with the class name of the error if it failed."""
    run.finished_at = now
    run.fault = fault
    run.save(update_fields=["finished_at", "fault"])


def preferences_set(*, actor: User, language: str, time_zone: str = "") -> None:
    """Keep in which language and time zone `actor` sees the console; an empty zone stays as it is."""
    actor.language = language
    actor.time_zone = time_zone or actor.time_zone
    actor.save(update_fields=["language", "time_zone"])
