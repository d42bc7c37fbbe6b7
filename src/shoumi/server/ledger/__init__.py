"""The append-only ledger: entries, checkpoints, time-stamps, self-audit.  No other app touches its tables."""
