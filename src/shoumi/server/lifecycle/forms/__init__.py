"""Forms of cases of people."""
