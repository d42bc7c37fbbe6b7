"""Writes of the privacy app; each asks the gate before its transaction and ends with a ledger entry."""
