"""The audit vocabulary: every kind of ledger entry is one three-part tag, `area:object:event`.

Habit: one enum for all events, so that a reader can grep who writes which.
A tag that was ever written is never renamed or reused; entries are for ever.
"""

from __future__ import annotations

from enum import StrEnum


class LedgerTag(StrEnum):
    """What happened; sorted by area, one line each."""

    # files: what was stored, taken out or printed
    FILES_LISTING_EXPORTED = "files:listing:exported"
    # ledger: what the ledger says about itself
    LEDGER_AUDIT_FAILED = "ledger:audit:failed"
    LEDGER_DETAIL_ERASED = "ledger:detail:erased"
    LEDGER_EVIDENCE_MADE = "ledger:evidence:made"
    LEDGER_GAP_CLOSED = "ledger:gap:closed"
    LEDGER_GAP_OPENED = "ledger:gap:opened"
