"""Registers the notifications app with Django."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications app."""

    name = "shoumi.server.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
