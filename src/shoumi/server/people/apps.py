"""Registers the people app with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people app."""

    name = "shoumi.server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep persons behind the border masked in every list."""
        from shoumi.server.files.listing.guarding import listing_guard_register
        from shoumi.server.people.border import guard

        listing_guard_register(guard)
