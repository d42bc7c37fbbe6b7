"""Pages of the accounts app; each asks the gate through `services` or `queries`."""
