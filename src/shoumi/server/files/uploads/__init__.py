"""The tus upload protocol, without input and output."""
