"""Reads about operations on secrets: as the rules see them, whose lists they stand in, what hinders them."""
