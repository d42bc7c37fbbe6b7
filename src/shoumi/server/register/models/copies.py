"""Who was handed which copy, under which hidden number, and what was asked about copies that turned up.

A copy is issued at each download, in the transaction of its ledger entry.  Rows are written once; the id
itself says nothing to whoever finds it without this table.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.secrets import TradeSecret


class TileKey(models.Model):
    """A key of the hidden tile, wrapped by the key store; the newest marks, the older ones still read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.OneToOneField("files.ContentKey", on_delete=models.PROTECT, related_name="tile_key")
    created_at = models.DateTimeField(_("created"))
    retired_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("tile key")
        verbose_name_plural = _("tile keys")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(retired_at=None), name="register_one_tile_key"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class CopyIssue(models.Model):
    """One copy handed out: 48 random bits, whose they are, and of what."""

    class Form(models.TextChoices):
        """How the copy bears its number."""

        HIDDEN = "hidden", pgettext_lazy("copy", "Hidden in its pages")
        NONE = "none", pgettext_lazy("copy", "Not hidden")

    copy_id = models.BigIntegerField(_("copy number"), unique=True)
    secret = models.ForeignKey(TradeSecret, on_delete=models.PROTECT, related_name="copies")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="copies")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("handed to")
    )
    purpose = models.CharField(_("purpose"), max_length=20)
    at = models.DateTimeField(_("handed out"))
    form = models.CharField(_("bears its number"), max_length=10, choices=Form)
    tile_key = models.ForeignKey(TileKey, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sha256 = models.CharField(_("SHA-256 of the copy"), max_length=64)

    class Meta:
        verbose_name = _("issued copy")
        verbose_name_plural = _("issued copies")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["secret", "-at"], name="register_copy_of_secret")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(copy_id__gte=0, copy_id__lt=1 << 48), name="register_copy_id_bits"
            ),
            models.CheckConstraint(
                condition=models.Q(form="none", tile_key=None)
                | models.Q(form="hidden", tile_key__isnull=False),
                name="register_copy_hidden_has_key",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The copy's number as people write it: twelve hexadecimal digits."""
        return f"{self.copy_id:012x}"


class CopySearch(models.Model):
    """A look-up: a picture or PDF that turned up, why it was examined, and what was found in it."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", pgettext_lazy("search", "Waiting")
        RUNNING = "running", pgettext_lazy("search", "Being examined")
        DONE = "done", pgettext_lazy("search", "Examined")
        FAILED = "failed", pgettext_lazy("search", "Could not be read")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="copy_searches")
    purpose = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    pages = models.PositiveIntegerField(_("pages examined"), default=0)
    found = models.JSONField(_("what was found"), default=list)  # as `services.tracing` describes a finding
    failure = models.CharField(_("code of the failure"), max_length=80, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("look-up of a copy")
        verbose_name_plural = _("look-ups of copies")
        ordering = ["-asked_at", "id"]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this look-up."""
        return f"copy-search:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether the worker has not ended it yet."""
        return self.state in {self.State.WAITING, self.State.RUNNING}
