"""Registers the register app with Django, and its kinds of requests with approvals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """The register app."""

    name = "shoumi.server.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of requests known, and how many secrets a person may see."""
        from shoumi.server.people.panels import person_count_register
        from shoumi.server.register.queries.secrets import secrets_visible_to
        from shoumi.server.register.services.handlers import register_kinds
        from shoumi.server.register.services.operations.deciding import register_operation_kinds

        register_kinds()
        register_operation_kinds()
        person_count_register(
            "register.secrets",
            label=_("Secrets they may see"),
            function=lambda user: secrets_visible_to(user).count(),
        )
