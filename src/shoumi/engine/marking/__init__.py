"""Marks in what leaves the house: visible ones for whoever reads, hidden ones for whoever must trace a copy.

Sources: the seed guide 五(一) (marks of four parts that cannot be separated from the carrier) and its
rules on computers (reminders on first page, header, footer and watermark); `docs/formats/marks.md` says
what is written where.  Formats have rooms of their own below; `marking` is the door to the visible ones,
`tiles` holds the hidden ones.  Pure: bytes in, bytes out; the original is never altered.  Foreign bytes are
to be handed in through `shoumi.sandbox`, which calls `calls`.  Audio and video are marked by programs:
`connectors.media`.
"""
