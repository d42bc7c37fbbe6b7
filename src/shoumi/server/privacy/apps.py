"""Registers the privacy app with Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The privacy app."""

    name = "shoumi.server.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
