"""Outsiders: meetings and activities on secrets, and what was done about those who took part."""
