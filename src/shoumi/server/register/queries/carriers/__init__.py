"""Reads of carriers: who sees which, and by which rules they are marked and kept."""
