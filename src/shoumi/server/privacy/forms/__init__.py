"""Forms of the privacy app."""
