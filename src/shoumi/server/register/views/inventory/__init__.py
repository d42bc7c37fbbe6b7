"""Pages of inventories: the list, the count with a camera, and the result."""
