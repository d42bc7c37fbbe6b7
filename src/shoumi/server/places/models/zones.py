"""Zones of the company's premises: secret, office and reception.

Follows the seed guide 五(四)1: three kinds; archives, samples and carriers of secrets lie in secret zones.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.models.organisation import LEVEL_IDS, LEVELS


class Zone(models.Model):
    """One zone of one legal entity; nothing is deleted, what is no longer there is closed."""

    class Kind(models.TextChoices):
        """The three kinds of the guide."""

        SECRET = "secret", _("Secret zone")
        OFFICE = "office", _("Office zone")
        RECEPTION = "reception", _("Reception zone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", on_delete=models.PROTECT, related_name="zones", verbose_name=_("legal entity")
    )
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.PROTECT,
        related_name="zones",
        null=True,
        blank=True,
        verbose_name=_("responsible department"),
    )
    code = models.CharField(_("code"), max_length=32)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    level = models.PositiveSmallIntegerField(_("secrecy level"), choices=LEVELS, default=0)
    location = models.CharField(_("where it is"), max_length=200, blank=True)
    ground = models.CharField(_("ground"), max_length=12, blank=True)  # id of a must-be group of the pack
    ground_reason = models.CharField(_("reason of the ground"), max_length=400, blank=True)
    bans_devices = models.BooleanField(_("no devices inside"), default=False)  # key places ban them anyway
    inspected_on = models.DateField(_("last inspected"), null=True, blank=True)
    next_inspection_on = models.DateField(_("next inspection"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)  # percent, of the last one
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["entity", "code"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "code"], name="places_zone_code_once"),
            models.CheckConstraint(
                condition=models.Q(kind="secret", level__gte=1, level__lte=3) | models.Q(level=0),
                name="places_only_secret_zones_have_a_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """Return the address of the zone's page."""
        return reverse("places:zone_detail", args=[self.pk])

    @property
    def level_id(self) -> str:
        """The level as badges name it, empty for none."""
        return LEVEL_IDS[self.level]

    @property
    def scope(self) -> str:
        """Where the zone stands for the rules: its department, else its legal entity."""
        return self.department.scope if self.department else self.entity.scope

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this zone."""
        return f"zone:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the zone has not been closed."""
        return self.closed_on is None
