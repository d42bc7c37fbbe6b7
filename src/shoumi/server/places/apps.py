"""Registers the places app with Django, and its kinds of requests with approvals."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The places app."""

    name = "shoumi.server.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of requests known, and what falls due to be erased."""
        from shoumi.server.people.keepers import keeper_register
        from shoumi.server.places.services.handlers import register_kinds
        from shoumi.server.places.services.keeping import KEEPERS

        register_kinds()
        for keeper in KEEPERS:
            keeper_register(keeper)
