"""Imports under way: an uploaded table, how its columns were understood, and what became of it.

The upload itself is a stored file, encrypted like any other; nothing of its content is copied here.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    """Where an import is."""

    OPEN = "open", pgettext_lazy("import", "Being checked")
    APPLIED = "applied", pgettext_lazy("import", "Taken over")
    DISCARDED = "discarded", pgettext_lazy("import", "Discarded")


class TableImport(models.Model):
    """One upload on its way in; only its owner sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)  # name of an `ImportKind`
    file = models.OneToOneField("files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    encoding = models.CharField(_("text encoding"), max_length=20, blank=True)  # chosen by the person
    choices = models.JSONField(
        _("columns"), default=dict
    )  # sheet → {"spec": name, "columns": {name: number}}
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.OPEN)
    counts = models.JSONField(_("numbers"), default=dict)  # when applied: new, changed, unchanged, left_out
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    applied_at = models.DateTimeField(_("applied"), null=True)

    class Meta:
        """Rules of the table."""

        app_label = "files"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        """Return the kind and the day."""
        return f"{self.kind} {self.created_at:%Y-%m-%d}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this import."""
        return f"import:{self.pk}"
