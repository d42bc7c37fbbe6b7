"""Registers the training app with Django."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training app."""

    name = "shoumi.server.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what falls due to be erased."""
        from shoumi.server.people.keepers import keeper_register
        from shoumi.server.training.services.keeping import KEEPER

        keeper_register(KEEPER)
