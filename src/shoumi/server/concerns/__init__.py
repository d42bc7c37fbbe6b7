"""What employees report, by name or without one, and the two-way mailbox with whoever examines it."""
