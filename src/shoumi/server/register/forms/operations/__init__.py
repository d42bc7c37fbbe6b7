"""Forms of operations: what is asked for, what was done, and third parties with their agreements."""
