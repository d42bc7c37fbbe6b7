"""Reads of the privacy app: what may be collected, who was told, which rows somebody may see."""
