"""Proofs that a stranger can check: Merkle log, checkpoints, time-stamps, packages."""
