"""Writes of the partners app: each asks the gate and writes in one transaction with its ledger entry."""
