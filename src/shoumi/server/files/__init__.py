"""Stored bytes, encrypted at rest, and reading and writing of tables (xlsx, CSV)."""
