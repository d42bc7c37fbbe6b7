"""Writes of indexes of tables: given, described, made, updated, renamed, handed out, dropped."""
