"""Registers the assurance app with Django, and the approval of rule documents with approvals."""

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    """The assurance app."""

    name = "shoumi.server.assurance"
    label = "assurance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kind of request known."""
        from shoumi.server.assurance.services.rules import register_rule_kind

        register_rule_kind()
