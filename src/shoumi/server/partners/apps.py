"""Registers the partners app with Django."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The partners app."""

    name = "shoumi.server.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"
