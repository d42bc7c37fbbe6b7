"""Commands for the machine's own console."""
