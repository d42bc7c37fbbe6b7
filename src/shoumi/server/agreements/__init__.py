"""Agreements: assembled from facts, signed by exactly the bytes that were read, kept, counted and renewed."""
