"""Reads of agreements: what the packs say, what a draft still needs, and which rows somebody may see."""
