"""Registers the ledger app with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger app."""

    name = "shoumi.server.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
