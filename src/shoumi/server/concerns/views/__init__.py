"""Pages of concerns: the open way without a name, one's own by name, and the office."""
