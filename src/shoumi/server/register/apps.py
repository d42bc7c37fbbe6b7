"""Registers the register app with Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The register app."""

    name = "shoumi.server.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
