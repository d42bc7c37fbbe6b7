"""Registers the partners app with Django, and what it asks before secrets go outside."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The partners app."""

    name = "shoumi.server.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the register's operations ask about outsiders."""
        from shoumi.server.partners.queries.conditions import before_going
        from shoumi.server.register.queries.operations.outside import condition_register

        condition_register("partners", before_going)
