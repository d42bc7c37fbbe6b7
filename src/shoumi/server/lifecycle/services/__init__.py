"""Writes of cases of people; each asks the gate first and ends with its ledger entry."""
