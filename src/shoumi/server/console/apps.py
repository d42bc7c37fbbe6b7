"""Registers the console app with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console app."""

    name = "shoumi.server.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
