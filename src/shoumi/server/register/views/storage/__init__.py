"""Pages of storage units: lists, the unit itself, findings, servicing, and what people did with secrets."""
