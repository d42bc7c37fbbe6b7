"""Registers the approvals app with Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The approvals app."""

    name = "shoumi.server.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
