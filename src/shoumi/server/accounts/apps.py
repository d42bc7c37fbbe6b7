"""Registers the accounts app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "shoumi.server.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
