"""The append-only ledger: entries, checkpoints, time-stamps, and the self-audit.  Only this app touches its tables."""
