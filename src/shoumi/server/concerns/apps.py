"""Registers the concerns app with Django."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """The concerns app."""

    name = "shoumi.server.concerns"
    label = "concerns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what falls due to be erased."""
        from shoumi.server.concerns.services.keeping import KEEPER
        from shoumi.server.people.keepers import keeper_register

        keeper_register(KEEPER)
