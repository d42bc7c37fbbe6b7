"""Reads of the concerns app."""
