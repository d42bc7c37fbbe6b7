"""Registers the partners app with Django, and what it asks before secrets go outside."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The partners app."""

    name = "shoumi.server.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the register's operations ask about outsiders, and say who answers for their companies."""
        from shoumi.server.partners.queries.conditions import before_going
        from shoumi.server.partners.queries.workers import before_receiving, manager_of
        from shoumi.server.people.queries.addressing import managers_register
        from shoumi.server.register.queries.operations.outside import condition_register

        condition_register("partners", before_going)
        condition_register("outsiders", before_receiving)
        managers_register(manager_of)
