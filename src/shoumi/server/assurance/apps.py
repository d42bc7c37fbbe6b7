"""Registers the assurance app with Django."""

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    """The assurance app."""

    name = "shoumi.server.assurance"
    label = "assurance"
    default_auto_field = "django.db.models.BigAutoField"
