"""Tables that were given to make or update an index: kept until the index is made, and not an hour longer.

The uploaded file lies encrypted like any other.  The look at it is masked before it is written down.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.documents.models.indexes import IndexRun


class GivenTable(models.Model):
    """An uploaded table, or a query that gives one, on its way to an index."""

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", pgettext_lazy("table", "Being read")
        READ = "read", pgettext_lazy("table", "Read")
        FAILED = "failed", pgettext_lazy("table", "Not readable")
        TAKEN = "taken", pgettext_lazy("table", "Waits for its index")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", on_delete=models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    run = models.OneToOneField(
        IndexRun, on_delete=models.CASCADE, related_name="table", null=True, blank=True
    )
    file = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    connection = models.CharField(_("connection"), max_length=80, blank=True)
    query = models.TextField(_("query"), max_length=4000, blank=True)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    look = models.JSONField(default=dict, blank=True)  # a `TableLook`, masked
    failure = models.CharField(_("code of the failure"), max_length=80, blank=True)
    told = models.JSONField(default=dict, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("given table")
        verbose_name_plural = _("given tables")
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file__isnull=False) ^ ~models.Q(query=""),
                name="documents_table_from_file_or_query",
            ),
            models.CheckConstraint(
                condition=models.Q(state="taken") ^ models.Q(run__isnull=True), name="documents_table_taken"
            ),
        ]

    def __str__(self) -> str:
        return str(self.file) if self.file_id else self.connection

    def get_absolute_url(self) -> str:
        """Return the page on which the index is described."""
        return reverse("documents:table_describe", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this table."""
        return f"given-table:{self.id}"
