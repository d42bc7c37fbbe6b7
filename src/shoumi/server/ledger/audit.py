"""The self-audit: examines the whole ledger and keeps the result, sealed.

At start, daily and on demand.  The examination itself is in `examination`; a finding also becomes a ledger
entry, once, so that the ledger tells of it when everything is whole again.
"""

from __future__ import annotations

import hmac
import logging
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, transaction

from shoumi.server.ledger.entries import seal_of_values
from shoumi.server.ledger.examination import BadEntry, Examination
from shoumi.server.ledger.keys import seal_key
from shoumi.server.ledger.models import LedgerAudit
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.times import clock

LOGGER = logging.getLogger(__name__)
AUDIT_FRESH: Final = timedelta(hours=25)  # daily, and an hour for running it


def audit_run(*, actor: str = "system:ledger") -> LedgerAudit:
    """Examine the whole ledger now, and return the result as stored."""
    started = clock().now()
    examination = Examination()
    bad = examination.first_bad()
    before = audit_latest()
    row = LedgerAudit(
        state=LedgerAudit.State.BROKEN if bad else LedgerAudit.State.HOLDS,
        entries=examination.size,
        checkpoint_size=examination.checkpoint_size,
        first_bad_index=bad.index if bad else None,
        finding=bad.finding if bad else LedgerAudit.Finding.NOTHING,
        started_at=started,
        ended_at=clock().now(),
    )
    row.seal = _seal(row)
    row.save(force_insert=True)
    if bad and (before is None or before.first_bad_index != bad.index):
        _tell(bad, examination.size, actor)
    return row


def _tell(bad: BadEntry, examined: int, actor: str) -> None:
    """Write the finding into the ledger, if what was done to its rows still lets us."""
    try:
        with transaction.atomic():
            append(
                LedgerTag.LEDGER_AUDIT_FAILED,
                actor=actor,
                subject=f"entry:{bad.index}",
                detail={"finding": bad.finding.value, "examined": examined},
            )
    except DatabaseError:
        LOGGER.exception("The finding at ledger entry %s cannot be written into the ledger", bad.index)


def audit_latest() -> LedgerAudit | None:
    """Return the result of the last self-audit; believe it after `audit_is_ours`."""
    return LedgerAudit.objects.order_by("-id").first()


def audit_is_ours(row: LedgerAudit) -> bool:
    """Tell whether this installation wrote the row."""
    return hmac.compare_digest(_seal(row), bytes(row.seal))


def _seal(row: LedgerAudit) -> bytes:
    return seal_of_values(
        seal_key(),
        "audit",
        str(row.state),
        row.entries,
        row.checkpoint_size,
        row.first_bad_index,
        str(row.finding),
        row.started_at.isoformat(),
        row.ended_at.isoformat(),
    )
