"""Registers the people app with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people app."""

    name = "shoumi.server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep persons behind the border masked wherever they are named, and their rows in every list."""
        from shoumi.server.accounts.naming import sight_register
        from shoumi.server.files.listing.guarding import listing_guard_register
        from shoumi.server.people.border import Border, guard

        sight_register(Border)
        listing_guard_register(guard)
