"""Registers the agreements app with Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The agreements app."""

    name = "shoumi.server.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
