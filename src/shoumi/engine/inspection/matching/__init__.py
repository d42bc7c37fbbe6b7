"""What exact data match and fingerprints stand on: folded letters, keyed hashes, tables, sealed files.

`folding` makes two spellings of a text equal, `hashing` holds the keyed hashes, `tables` looks up millions
of them, `container` keeps an index encrypted and refuses an altered one, `reading` walks over parts.
"""
