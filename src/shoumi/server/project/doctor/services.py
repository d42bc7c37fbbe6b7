"""Checks of what answers from elsewhere: time-stamp authorities, witness, worker, mail."""

from __future__ import annotations

import secrets
import smtplib
from collections.abc import Iterator
from datetime import timedelta

from django.core.mail import get_connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shoumi.engine.errors import ShoumiError
from shoumi.engine.evidence.timestamp import TimestampAuthority
from shoumi.server.console.error_texts import error_text
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
        yield from _drift(parties.internal(), pgettext("doctor", "internal time-stamp"))
    if parties.external:
        yield from _drift(parties.external())
    else:
        yield Finding(
            Level.WARN,
            "time",
            _("No outside authority: internal time-stamps prove order, not time against yourselves."),
            _("Set SHOUMI_TIMESTAMP_URL and SHOUMI_TIMESTAMP_ROOTS."),
        )


def _drift(authority: TimestampAuthority, name: str = "") -> Iterator[Finding]:
    """Compare the middle of the asking with the time in the token."""
    before = clock().now()
    try:
        token = authority.stamp(secrets.token_bytes(32))
    except ShoumiError as error:
        yield Finding(
            Level.FAIL,
            "time",
            _("{authority}: {reason}").format(authority=name or authority.name, reason=error_text(error)),
            _("Check the authority and the way there."),
        )
        return
    after = clock().now()
    drift = abs(token.time - (before + (after - before) / 2))
    text = _("{authority}: this clock is {seconds} s away.").format(
        authority=name or authority.name, seconds=f"{drift.total_seconds():.1f}"
    )
    if drift > DRIFT_MOST:
        yield Finding(
            Level.FAIL, "time", text, _("Set the clock and run an NTP service (apt install chrony).")
        )
    elif drift > DRIFT_TOLERATED:
        yield Finding(Level.WARN, "time", text, _("Run an NTP service (apt install chrony)."))
    else:
        yield Finding(Level.OK, "time", text)


def witness_findings(config: Config) -> Iterator[Finding]:
    """Ask the witness for its key."""
    witness = ports().witness
    if witness is None:
        yield Finding(
            Level.WARN,
            "witness",
            _("None is set; `shoumi run` starts one on this machine, which its administrators control."),
            _("Run `shoumi witness` on another machine and set SHOUMI_WITNESS_URL."),
        )
        return
    try:
        key = witness().verifier_key()
    except ShoumiError as error:
        yield Finding(
            Level.FAIL,
            "witness",
            error_text(error),
            _("Start `shoumi witness` at {url}.").format(url=config.witness_url),
        )
        return
    yield Finding(
        Level.OK, "witness", _("{witness} answers at {url}.").format(witness=key.name, url=config.witness_url)
    )


def worker_findings(_config: Config) -> Iterator[Finding]:
    """See whether a worker signs checkpoints and keeps the schedule."""
    lag = checkpoint_lag(clock().now())
    if lag > LAG_TOLERATED:
        yield Finding(
            Level.FAIL,
            "worker",
            _("The newest entry has waited {seconds} s for its checkpoint.").format(
                seconds=f"{lag.total_seconds():.0f}"
            ),
            _("Start `shoumi worker` (or `shoumi run`)."),
        )
    else:
        yield Finding(Level.OK, "worker", _("Every entry is under a checkpoint."))
    failed = JobRun.objects.filter(started_at__gt=clock().now() - JOB_MISSED_AFTER).exclude(fault="")
    for name in sorted(set(failed.values_list("name", flat=True))):
        yield Finding(
            Level.WARN,
            "worker",
            _("The job {name} failed within a day.").format(name=name),
            _("Read the worker's log."),
        )


def mail_findings(config: Config) -> Iterator[Finding]:
    """Open a connection to the mail server, and send nothing."""
    if not config.smtp_url:
        yield Finding(
            Level.WARN,
            "mail",
            _("No mail server: people are told in the inbox only."),
            _("Set SHOUMI_SMTP_URL."),
        )
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            Level.FAIL,
            "mail",
            _("The mail server does not answer: {error}").format(error=error),
            _("Check SHOUMI_SMTP_URL."),
        )
        return
    connection.close()
    yield Finding(Level.OK, "mail", _("The mail server answers."))
