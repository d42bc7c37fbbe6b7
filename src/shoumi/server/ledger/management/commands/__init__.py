"""Django commands of the ledger."""
