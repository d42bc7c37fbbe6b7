"""An older secrets ledger as companies keep it, made when the tests run."""
