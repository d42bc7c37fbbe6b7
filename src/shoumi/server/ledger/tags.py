"""The audit vocabulary: every kind of ledger entry is one three-part tag, `area:object:event`.

Habit: one enum for all events, so that a reader can grep who writes which.
A tag that was ever written is never renamed or reused; entries are for ever.
"""

from __future__ import annotations

from enum import StrEnum


class LedgerTag(StrEnum):
    """What happened; sorted by area, one line each."""

    # accounts: sign-ins, roles, keys
    ACCOUNTS_FACTOR_ADDED = "accounts:factor:added"
    ACCOUNTS_FACTOR_REMOVED = "accounts:factor:removed"
    ACCOUNTS_FACTOR_RENEWED = "accounts:factor:renewed"
    ACCOUNTS_INSTALLATION_FOUNDED = "accounts:installation:founded"
    ACCOUNTS_KEY_OPERATION_APPROVED = "accounts:key_operation:approved"
    ACCOUNTS_KEY_OPERATION_REFUSED = "accounts:key_operation:refused"
    ACCOUNTS_KEY_OPERATION_REQUESTED = "accounts:key_operation:requested"
    ACCOUNTS_KEY_OPERATION_WITHDRAWN = "accounts:key_operation:withdrawn"
    ACCOUNTS_PASSWORD_CHANGED = "accounts:password:changed"
    ACCOUNTS_PASSWORD_RESET = "accounts:password:reset"
    ACCOUNTS_REMINDER_ACKNOWLEDGED = "accounts:reminder:acknowledged"
    ACCOUNTS_ROLE_APPROVED = "accounts:role:approved"
    ACCOUNTS_ROLE_REFUSED = "accounts:role:refused"
    ACCOUNTS_ROLE_REQUESTED = "accounts:role:requested"
    ACCOUNTS_ROLE_REVOKED = "accounts:role:revoked"
    ACCOUNTS_ROLE_WITHDRAWN = "accounts:role:withdrawn"
    ACCOUNTS_SESSION_REVOKED = "accounts:session:revoked"
    ACCOUNTS_SIGN_IN_FAILED = "accounts:sign_in:failed"
    ACCOUNTS_SIGN_IN_LOCKED = "accounts:sign_in:locked"
    ACCOUNTS_SIGN_IN_SUCCEEDED = "accounts:sign_in:succeeded"
    ACCOUNTS_SIGN_OUT_SUCCEEDED = "accounts:sign_out:succeeded"
    ACCOUNTS_TOKEN_ISSUED = "accounts:token:issued"
    ACCOUNTS_TOKEN_REVOKED = "accounts:token:revoked"
    ACCOUNTS_USER_CHANGED = "accounts:user:changed"
    ACCOUNTS_USER_CLOSED = "accounts:user:closed"
    ACCOUNTS_USER_OPENED = "accounts:user:opened"
    ACCOUNTS_USER_REOPENED = "accounts:user:reopened"
    ACCOUNTS_USER_UNLOCKED = "accounts:user:unlocked"
    # files: what was stored, taken out or printed
    FILES_LISTING_EXPORTED = "files:listing:exported"
    # ledger: what the ledger says about itself
    LEDGER_AUDIT_FAILED = "ledger:audit:failed"
    LEDGER_DETAIL_ERASED = "ledger:detail:erased"
    LEDGER_EVIDENCE_MADE = "ledger:evidence:made"
    LEDGER_GAP_CLOSED = "ledger:gap:closed"
    LEDGER_GAP_OPENED = "ledger:gap:opened"
    # policy: what the rules refused
    POLICY_DECISION_REFUSED = "policy:decision:refused"
