"""Recognises secrets, customers' data and identifiers in any file: extract, recognise, match, score, explain.

`values` holds what passes from one step to the next: `Part` (text with its place), `Picture`, `Unreadable`,
`Finding`.  Steps: `extract` reads bytes, `recognise` finds identifiers and markings, `exact` matches rows of
indexed tables, `fingerprint` excerpts of registered documents and pictures, `verdict` judges a file.
"""
