"""Registers the provisioning app with Django."""

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    """The provisioning app."""

    name = "shoumi.server.provisioning"
    label = "provisioning"
    default_auto_field = "django.db.models.BigAutoField"
