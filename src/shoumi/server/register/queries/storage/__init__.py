"""Reads of storage units: who sees which, what is stored on them, and what is not as it must be."""
