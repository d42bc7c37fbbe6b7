"""Registers the privacy app with Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The privacy app."""

    name = "shoumi.server.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say on which grounds persons may be seen from abroad, and who keeps what falls due."""
        from shoumi.server.people.border import border_grounds_register
        from shoumi.server.people.keepers import keeper_register
        from shoumi.server.privacy.queries.border import entities_open_to
        from shoumi.server.privacy.services.keeping import KEEPERS

        border_grounds_register(entities_open_to)
        for keeper in KEEPERS:
            keeper_register(keeper)
