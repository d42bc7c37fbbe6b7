"""Registers the agreements app with Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The agreements app."""

    name = "shoumi.server.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what falls due to be erased."""
        from shoumi.server.agreements.services.keeping import KEEPER
        from shoumi.server.people.keepers import keeper_register

        keeper_register(KEEPER)
