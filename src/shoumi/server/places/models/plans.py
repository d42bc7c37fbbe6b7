"""Floor plans and the zones that are drawn on them.

A plan is a picture that was uploaded; a zone's outline is a polygon in ten-thousandths of the picture's width
and height, so that another picture of the same floor keeps the outlines.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.server.places.models.zones import Zone

SCALE = 10_000  # the far edge of the picture
FEWEST, MOST = 3, 60  # corners of an outline


class FloorPlan(models.Model):
    """One floor of one building; nothing is deleted, what no longer holds is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="floor_plans", verbose_name=_("legal entity")
    )
    site = models.CharField(_("site"), max_length=80)
    building = models.CharField(_("building"), max_length=80, blank=True)
    floor = models.CharField(_("floor"), max_length=40)
    picture = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="floor_plans", verbose_name=_("picture")
    )
    width = models.PositiveIntegerField(_("width of the picture"))  # pixels
    height = models.PositiveIntegerField(_("height of the picture"))  # pixels
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("floor plan")
        verbose_name_plural = _("floor plans")
        ordering = ["entity", "site", "building", "floor"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "site", "building", "floor"],
                condition=Q(closed_on__isnull=True),
                name="places_plan_once",
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="places_plan_size"),
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.site, self.building, self.floor) if part)

    def get_absolute_url(self) -> str:
        """Return the address of the plan's page."""
        return reverse("places:plan_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this plan."""
        return f"plan:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the plan still holds."""
        return self.closed_on is None


class Outline(models.Model):
    """Where one zone lies on one plan."""

    plan = models.ForeignKey(FloorPlan, models.CASCADE, related_name="outlines")
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="outlines", verbose_name=_("zone"))
    points = models.JSONField(_("corners"))  # [[x, y], …], whole numbers from 0 to SCALE

    class Meta:
        verbose_name = _("outline of a zone")
        verbose_name_plural = _("outlines of zones")
        ordering = ["zone__code"]
        constraints = [models.UniqueConstraint(fields=["plan", "zone"], name="places_outline_once")]

    def __str__(self) -> str:
        return f"{self.plan}: {self.zone}"
