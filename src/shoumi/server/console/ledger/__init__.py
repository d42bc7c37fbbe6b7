"""Pages of the ledger: entries, proofs, the integrity light.  They stand here because they ask the gate."""
