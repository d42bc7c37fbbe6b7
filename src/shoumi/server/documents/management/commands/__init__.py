"""One file per command; run as `shoumi manage <name>`."""
