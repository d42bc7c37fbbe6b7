"""How bytes lie on disk: the encrypted format, the places, the keys, and what kind of content it is."""
