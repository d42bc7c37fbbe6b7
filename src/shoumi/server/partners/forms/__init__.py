"""Forms of the partners app."""
