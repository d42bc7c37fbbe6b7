"""Examines a deployment and says what to do about what it finds, in the language in force.

A check never changes anything and never raises: what cannot be examined is itself a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import DatabaseError
from django.utils.translation import gettext as _

from shoumi.engine.errors import ShoumiError
from shoumi.server.console.error_texts import error_text
from shoumi.server.project.config import Config
from shoumi.server.project.doctor.databases import database_findings
from shoumi.server.project.doctor.finding import MARKS, PARTS, Finding, Level
from shoumi.server.project.doctor.machine import (
    data_findings,
    keys_findings,
    programs_findings,
    settings_findings,
)
from shoumi.server.project.doctor.services import (
    mail_findings,
    time_findings,
    witness_findings,
    worker_findings,
)

__all__ = ["CHECKS", "MARKS", "PARTS", "Finding", "Level", "examine"]

CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    data_findings,
    keys_findings,
    settings_findings,
    programs_findings,
    database_findings,
    time_findings,
    witness_findings,
    worker_findings,
    mail_findings,
)


def examine(config: Config) -> list[Finding]:
    """Return the findings of every check, in the order of `CHECKS`."""
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings.extend(check(config))
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, not a crash
            findings.append(
                Finding(
                    Level.FAIL,
                    check.__name__.removesuffix("_findings"),
                    _("Could not be examined: {error}").format(error=_words(error)),
                    _("Read the message; run again."),
                )
            )
    return findings


def _words(error: Exception) -> str:
    if isinstance(error, DatabaseError):
        return _("the database does not answer, or its migrations wait")
    return error_text(error) if isinstance(error, ShoumiError) else str(error)
