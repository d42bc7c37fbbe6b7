"""Figures counted once a day, so that the cockpit need not count a whole company while somebody waits.

They are counted from the records and can be counted anew at any time; nothing is decided on them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.register.models import TradeSecret


class SecretScore(models.Model):
    """How far the measures of one secret stand, as last counted."""

    secret = models.OneToOneField(
        TradeSecret, models.CASCADE, related_name="measures_score", primary_key=True
    )
    total = models.PositiveSmallIntegerField(_("score"))  # tenths, 0 to 1000
    pass_mark = models.PositiveSmallIntegerField(_("mark of the level"))
    reached = models.BooleanField(_("mark reached"))
    kinds = models.JSONField(_("strength of each kind"))  # K1 → 0 to 100, None: nothing to show
    missing = models.PositiveSmallIntegerField(_("missing proofs"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("score of a secret")
        verbose_name_plural = _("scores of secrets")
        ordering = ["total", "pk"]
        indexes = [models.Index(fields=["reached", "total"], name="assurance_score_reached")]

    def __str__(self) -> str:
        return f"{self.secret_id}: {self.total / 10}"


class AssuranceSnapshot(models.Model):
    """The figures of one day for a legal entity, or for one of its departments with all below it."""

    entity = models.ForeignKey(LegalEntity, models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, related_name="+")
    day = models.DateField(_("day"))
    figures = models.JSONField(_("figures"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")
        ordering = ["entity", "-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "day"],
                condition=models.Q(department=None),
                name="assurance_snapshot_entity_day",
            ),
            models.UniqueConstraint(
                fields=["entity", "department", "day"],
                condition=models.Q(department__isnull=False),
                name="assurance_snapshot_department_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.day}"
