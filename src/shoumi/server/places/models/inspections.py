"""The three-defence checklist as it was answered: inspections, their items, and the gaps as tasks.

Follows the knowledge Q&A 十一 (人防、物防、技防); which questions are asked is the pack's.  An inspection is
never changed; the next one replaces it.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.places.models.zones import Zone

USER = settings.AUTH_USER_MODEL


class Inspection(models.Model):
    """One look at one zone on one day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="inspections")
    inspected_on = models.DateField(_("inspected on"))
    next_on = models.DateField(_("next inspection"))
    inspector = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("inspector"))
    score = models.PositiveSmallIntegerField(_("score"))  # percent
    note = models.CharField(_("note"), max_length=400, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("inspection of a zone")
        verbose_name_plural = _("inspections of zones")
        ordering = ["-inspected_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=100), name="places_inspection_percent"),
            models.CheckConstraint(
                condition=Q(next_on__gt=models.F("inspected_on")), name="places_inspection_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.inspected_on}"


class InspectionItem(models.Model):
    """The answer to one question."""

    class Verdict(models.TextChoices):
        """How far the measure is there."""

        MET = "met", pgettext_lazy("check", "In place")
        PARTLY = "partly", pgettext_lazy("check", "Partly in place")
        MISSING = "missing", pgettext_lazy("check", "Missing")
        UNNEEDED = "unneeded", pgettext_lazy("check", "Not needed here")

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="items")
    check_id = models.CharField(_("question"), max_length=12)  # of the pack
    verdict = models.CharField(_("answer"), max_length=8, choices=Verdict)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("answer of an inspection")
        verbose_name_plural = _("answers of an inspection")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "check_id"], name="places_answer_once"),
            models.CheckConstraint(
                condition=Q(verdict="met") | ~Q(note=""), name="places_answer_says_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_id} {self.verdict}"


class ZoneTask(models.Model):
    """A gap that an inspection found, until it is closed; at most one is open per question and zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="tasks", verbose_name=_("zone"))
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="tasks")
    check_id = models.CharField(_("question"), max_length=12)
    gap = models.CharField(_("gap"), max_length=300)
    due_on = models.DateField(_("due"))
    opened_at = models.DateTimeField(_("opened"))
    done_at = models.DateTimeField(_("closed"), null=True, blank=True)
    done_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("closed by")
    )
    outcome = models.CharField(_("what was done"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("gap in the protection of a zone")
        verbose_name_plural = _("gaps in the protection of zones")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "check_id"], condition=Q(done_at__isnull=True), name="places_gap_open_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(outcome=""), name="places_gap_closed_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.check_id}"
