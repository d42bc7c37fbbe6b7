"""Registers the files app with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The files app."""

    name = "shoumi.server.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
