"""Pages of agreements: lists, preparing, signing, one's own."""
