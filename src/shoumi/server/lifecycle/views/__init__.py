"""Pages of cases of people."""
