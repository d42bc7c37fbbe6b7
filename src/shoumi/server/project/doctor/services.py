"""Checks of what answers from elsewhere: time-stamp authorities, witness, worker, mail."""

from __future__ import annotations

import secrets
import smtplib
from collections.abc import Iterator
from datetime import timedelta

from django.core.mail import get_connection

from shoumi.engine.errors import ShoumiError
from shoumi.engine.evidence.timestamp import TimestampAuthority
from shoumi.server.console.models import JobRun
from shoumi.server.ledger.guards import checkpoint_lag
from shoumi.server.ledger.ports import ports
from shoumi.server.ledger.services import clock
from shoumi.server.project.config import Config
from shoumi.server.project.doctor.finding import Finding, Level

DRIFT_TOLERATED = timedelta(seconds=2)
DRIFT_MOST = timedelta(seconds=60)
LAG_TOLERATED = timedelta(seconds=10)
JOB_MISSED_AFTER = timedelta(hours=26)


def time_findings(_config: Config) -> Iterator[Finding]:
    """Ask each authority for a time-stamp and compare its time with this machine's."""
    parties = ports()
    if parties.internal:
        yield from _drift("internal time-stamp", parties.internal())
    if parties.external:
        yield from _drift("outside time-stamp", parties.external())
    else:
        yield Finding(
            Level.WARN,
            "time",
            "No outside authority: internal time-stamps prove order, not time against yourselves.",
            "Set SHOUMI_TIMESTAMP_URL and SHOUMI_TIMESTAMP_ROOTS.",
        )


def _drift(what: str, authority: TimestampAuthority) -> Iterator[Finding]:
    """Compare the middle of the asking with the time in the token."""
    before = clock().now()
    try:
        token = authority.stamp(secrets.token_bytes(32))
    except ShoumiError as error:
        yield Finding(
            Level.FAIL, "time", f"No {what}: {error.detail}", "Check the authority and the way there."
        )
        return
    after = clock().now()
    drift = abs(token.time - (before + (after - before) / 2))
    text = f"{authority.name}: this clock is {drift.total_seconds():.1f} s away."
    if drift > DRIFT_MOST:
        yield Finding(Level.FAIL, "time", text, "Set the clock and run an NTP service (apt install chrony).")
    elif drift > DRIFT_TOLERATED:
        yield Finding(Level.WARN, "time", text, "Run an NTP service (apt install chrony).")
    else:
        yield Finding(Level.OK, "time", text)


def witness_findings(config: Config) -> Iterator[Finding]:
    """Ask the witness for its key."""
    witness = ports().witness
    if witness is None:
        yield Finding(
            Level.WARN,
            "witness",
            "None is set; `shoumi run` starts one on this machine, which its administrators control.",
            "Run `shoumi witness` on another machine and set SHOUMI_WITNESS_URL.",
        )
        return
    try:
        key = witness().verifier_key()
    except ShoumiError as error:
        yield Finding(Level.FAIL, "witness", error.detail, f"Start `shoumi witness` at {config.witness_url}.")
        return
    yield Finding(Level.OK, "witness", f"{key.name} answers at {config.witness_url}.")


def worker_findings(_config: Config) -> Iterator[Finding]:
    """See whether a worker signs checkpoints and keeps the schedule."""
    lag = checkpoint_lag(clock().now())
    if lag > LAG_TOLERATED:
        yield Finding(
            Level.FAIL,
            "worker",
            f"The newest entry has waited {lag.total_seconds():.0f} s for its checkpoint.",
            "Start `shoumi worker` (or `shoumi run`).",
        )
    else:
        yield Finding(Level.OK, "worker", "Every entry is under a checkpoint.")
    failed = JobRun.objects.filter(started_at__gt=clock().now() - JOB_MISSED_AFTER).exclude(fault="")
    for name in sorted(set(failed.values_list("name", flat=True))):
        yield Finding(Level.WARN, "worker", f"The job {name} failed within a day.", "Read the worker's log.")


def mail_findings(config: Config) -> Iterator[Finding]:
    """Open a connection to the mail server, and send nothing."""
    if not config.smtp_url:
        yield Finding(
            Level.WARN, "mail", "No mail server: people are told in the inbox only.", "Set SHOUMI_SMTP_URL."
        )
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            Level.FAIL, "mail", f"The mail server does not answer: {error}", "Check SHOUMI_SMTP_URL."
        )
        return
    connection.close()
    yield Finding(Level.OK, "mail", "The mail server answers.")
