"""Forms of assurance, one module for each kind of record."""
