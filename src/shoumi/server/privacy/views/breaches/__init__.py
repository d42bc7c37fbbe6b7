"""Pages of breaches of personal data."""
