"""Reads of the partners app."""
