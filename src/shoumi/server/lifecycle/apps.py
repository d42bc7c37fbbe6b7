"""Registers the lifecycle app with Django."""

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """The lifecycle app."""

    name = "shoumi.server.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"
