"""Reads of assurance, one module for each question."""
