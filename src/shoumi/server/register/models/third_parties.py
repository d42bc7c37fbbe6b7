"""Third parties to whom secrets are disclosed or provided, and the confidentiality agreements with them.

Follows the seed guide 五(二)5: before a disclosure the agreement is checked.  An agreement is added and never
edited; a new one takes its place.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.models import LEVELS


class ThirdParty(models.Model):
    """A company or person outside, known to one department."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.PROTECT,
        related_name="third_parties",
        verbose_name=_("responsible department"),
    )
    name = models.CharField(_("name of the third party"), max_length=200)
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("third party")
        verbose_name_plural = _("third parties")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="register_third_party_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this third party."""
        return f"third_party:{self.pk}"


class ConfidentialityAgreement(models.Model):
    """A signed agreement: the file, who signed, when, until when, and up to which level it covers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="agreements")
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("signed agreement")
    )
    parties = models.CharField(_("parties"), max_length=400)
    signed_on = models.DateField(_("signed on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # None: without end
    level = models.PositiveSmallIntegerField(_("covers up to"), choices=LEVELS[1:])
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("confidentiality agreement")
        verbose_name_plural = _("confidentiality agreements")
        ordering = ["-signed_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("signed_on")),
                name="register_agreement_days",
            )
        ]

    def __str__(self) -> str:
        return f"{self.third_party} {self.signed_on}"
