"""Marks in what leaves the house: visible ones for whoever reads, hidden ones for whoever must trace a copy.

Follows the seed guide 五(一) on marking.  Formats have rooms of their own below; nothing here does IO.
"""
