"""Which findings count as harmless now, as conditions for the database."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shoumi.server.documents.models import MatchException, Scan
from shoumi.server.ledger.services import clock


def place_of(scan: Scan) -> str:
    """Return where the files of a scan are, as exceptions name it."""
    return f"share:{scan.share}" if scan.source == Scan.Source.SHARE else "upload"


def today() -> date:
    """Return the day by which exceptions end."""
    return clock().now().date()


def excepted() -> Q:
    """Return the condition of findings with an exception in force today."""
    return Q(exception__state=MatchException.State.IN_FORCE, exception__expires_on__gte=today())


def still_open() -> Q:
    """Return the condition of all others."""
    return Q(exception=None) | ~excepted()
