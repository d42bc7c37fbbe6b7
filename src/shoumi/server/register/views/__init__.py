"""Pages of the register, one module per room; every view asks a service or the gate first."""
