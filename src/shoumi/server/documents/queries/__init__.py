"""Reads of the documents app, scoped to whoever asks."""
