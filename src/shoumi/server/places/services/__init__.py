"""Writes of places: one module per concern, each service one transaction with one ledger entry."""
