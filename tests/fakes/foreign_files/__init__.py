"""Files as other programs write them, in as many shapes as matter to a mark; generated, never stored."""
