"""Writes of agreements: each asks the gate, writes in one transaction and ends with its ledger entry."""
