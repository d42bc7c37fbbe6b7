"""Pages of indexes of tables."""
