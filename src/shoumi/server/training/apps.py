"""Registers the training app with Django."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training app."""

    name = "shoumi.server.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"
