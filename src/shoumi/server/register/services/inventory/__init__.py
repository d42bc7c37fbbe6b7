"""What can be done with inventories: begun, counted by scans, closed, cleared, signed off, printed."""
