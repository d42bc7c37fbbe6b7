"""The self-audit: examines the whole ledger and keeps the result, sealed.

At start, daily and on demand.  The examination itself is in `examination`; a finding also becomes a ledger
entry, once, so that the ledger tells of it when everything is whole again.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, transaction

from shoumi.server.ledger.appending import append
from shoumi.server.ledger.examination import BadEntry, Examination
from shoumi.server.ledger.models import LedgerAudit
from shoumi.server.ledger.sealed_rows import audit_latest, audit_seal
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
    row.seal = audit_seal(row)
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
