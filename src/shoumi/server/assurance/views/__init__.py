"""Pages of assurance, one module for each room."""
