"""Pages of operations: the room with its lists and calendar, asking, the operation itself, third parties."""
