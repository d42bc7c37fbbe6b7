"""Registers the register app with Django, and its kinds of requests with approvals."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The register app."""

    name = "shoumi.server.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of requests known."""
        from shoumi.server.register.services.handlers import register_kinds

        register_kinds()
