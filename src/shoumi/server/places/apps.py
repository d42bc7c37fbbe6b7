"""Registers the places app with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The places app."""

    name = "shoumi.server.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
