"""On which ground personal data may be seen from another country; the ways are those of the pack."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.models import Country


class ExportBasis(models.Model):
    """A ground recorded for one country, until its last day, with the record of each thing that it needs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    to_country = models.CharField(_("country"), max_length=2, choices=Country)
    way = models.CharField(_("legal basis"), max_length=40)
    reference = models.CharField(_("reference"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    last_day = models.DateField(_("last day"))
    assessment = models.CharField(_("record of the assessment"), max_length=200, blank=True)
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True)
    filing = models.CharField(_("number of the filing"), max_length=200, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    approval = models.CharField(_("number of the approval or certificate"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    document = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("document"),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("basis for sending data abroad")
        verbose_name_plural = _("bases for sending data abroad")
        ordering = ("-recorded_at", "id")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of the basis's page."""
        return reverse("privacy:export_basis_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this basis."""
        return f"export_basis:{self.pk}"
