"""Writes of the documents app: indexes, scans, exceptions, reveals."""
