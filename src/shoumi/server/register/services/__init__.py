"""Writes of the register, one module per concern; each is one transaction with its ledger entries.

For apps above: `drafts` and `proposals` (the way in), `changes`, `ending`, `expiry`, `publication` (what
follows), `contents.secret_file_open`, `evidence.evidence_package_build`, `documents`, `exports`, `legacy`,
`defaults`.
"""
