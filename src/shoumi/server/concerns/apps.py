"""Registers the concerns app with Django."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """The concerns app."""

    name = "shoumi.server.concerns"
    label = "concerns"
    default_auto_field = "django.db.models.BigAutoField"
