"""Bringing in what the bank paid: what is understood, what it would do, what is written."""

from shoumi.server.agreements.importing.kind import PAYMENT_IMPORT

__all__ = ["PAYMENT_IMPORT"]
