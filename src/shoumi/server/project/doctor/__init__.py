"""Examines a deployment and says what to do about what it finds.

A check never changes anything and never raises: what cannot be examined is itself a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shoumi.server.project.config import Config
from shoumi.server.project.doctor.databases import database_findings
from shoumi.server.project.doctor.finding import Finding, Level
from shoumi.server.project.doctor.machine import (
    directory_findings,
    key_findings,
    program_findings,
    secrecy_findings,
)
from shoumi.server.project.doctor.services import (
    mail_findings,
    time_findings,
    witness_findings,
    worker_findings,
)

__all__ = ["CHECKS", "Finding", "Level", "examine"]

CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    directory_findings,
    key_findings,
    secrecy_findings,
    program_findings,
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
                    f"Could not be examined: {error}",
                    "Read the message; run again.",
                )
            )
    return findings
