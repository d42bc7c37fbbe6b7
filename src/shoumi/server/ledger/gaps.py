"""Gaps: spans in which a witness or an authority did not answer, shown, told in the ledger, retried.

The pause between tries doubles up to five minutes.  The local clock never stands in for what is missing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction

from shoumi.engine.errors import ShoumiError
from shoumi.server.ledger.appending import append
from shoumi.server.ledger.models import LedgerGap, LedgerParty
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.times import clock

LOGGER = logging.getLogger(__name__)
ACTOR: Final = "system:ledger"
RETRY_FIRST: Final = timedelta(seconds=2)
RETRY_MOST: Final = timedelta(minutes=5)
_MOST_DOUBLINGS: Final = 16  # far beyond RETRY_MOST; keeps the number small


def open_gap(kind: LedgerParty.Kind) -> LedgerGap | None:
    """Return the gap of this kind that is still open."""
    return LedgerGap.objects.filter(kind=kind, closed_at=None).first()


def ask(kind: LedgerParty.Kind, question: Callable[[], object], *, at_once: bool = False) -> bool:
    """Ask `question` and record how it went; return whether it was answered.

    Not asked again before the pause after a failure is over, except `at_once`.
    """
    gap = open_gap(kind)
    if gap and not at_once and clock().now() < gap.retry_at:
        return False
    try:
        question()
    except ShoumiError as error:
        LOGGER.warning("No answer for the ledger (%s): %s", kind, error.detail)
        gap_note(kind, error)
        return False
    if gap:
        gap_close(gap)
    return True


def gap_note(kind: LedgerParty.Kind, error: ShoumiError) -> LedgerGap | None:
    """Record one more try of this kind that failed; the first opens a gap and a ledger entry."""
    now = clock().now()
    gap = open_gap(kind)
    if gap:
        gap.tries += 1
        gap.tried_at = now
        gap.retry_at = now + min(RETRY_FIRST * 2 ** min(gap.tries - 1, _MOST_DOUBLINGS), RETRY_MOST)
        gap.error_code, gap.error_text = error.code, error.detail
        gap.save()
        return gap
    try:
        with transaction.atomic():
            gap = LedgerGap.objects.create(
                kind=kind,
                since=now,
                tried_at=now,
                retry_at=now + RETRY_FIRST,
                error_code=error.code,
                error_text=error.detail,
            )
            append(
                LedgerTag.LEDGER_GAP_OPENED,
                actor=ACTOR,
                subject=f"gap:{gap.pk}",
                detail={"kind": str(kind), "error": error.code, "text": error.detail},
            )
    except IntegrityError:  # another process noted it a moment ago
        return open_gap(kind)
    return gap


def gap_close(gap: LedgerGap) -> None:
    """Record that the party answers again."""
    now = clock().now()
    with transaction.atomic():
        if LedgerGap.objects.filter(pk=gap.pk, closed_at=None).update(closed_at=now):
            append(
                LedgerTag.LEDGER_GAP_CLOSED,
                actor=ACTOR,
                subject=f"gap:{gap.pk}",
                detail={"kind": gap.kind, "tries": gap.tries, "since": gap.since.isoformat()},
            )
