"""Registers the files app with Django, and the operations on its keys that need two persons."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """The files app."""

    name = "shoumi.server.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer rotation and destruction of keys to the four-eyes procedure of `accounts`."""
        from shoumi.server.accounts.services.keys import key_operation_register
        from shoumi.server.files.services.keys import content_keys_rotate, key_destroy

        key_operation_register(
            "content-keys-rotate",
            label=_("Make a new key for stored files and wrap all of them under it"),
            run=lambda _key_id: content_keys_rotate(actor="system:files"),
        )
        key_operation_register(
            "content-key-destroy",
            label=_("Destroy an old key for stored files that protects nothing any more"),
            run=lambda key_id: key_destroy(actor="system:files", kid=key_id),
        )
