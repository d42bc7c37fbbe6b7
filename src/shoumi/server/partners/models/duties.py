"""What is asked of a partner's company: work, reports, audits; and what audits found.

Follows the Japanese page: a company supervises the other company, never its workers directly.  Everything
here is addressed to the responsible person of the partner.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class Duty(models.Model):
    """One thing that a partner's company owes by a day."""

    class Kind(models.TextChoices):
        """What is asked."""

        WORK = "work", pgettext_lazy("duty of a partner", "Work to be done")
        TRAINING = "training", pgettext_lazy("duty of a partner", "Training of their workers")
        SANCTION = "sanction", pgettext_lazy("duty of a partner", "Measure against a worker of theirs")
        REPORT = "report", pgettext_lazy("duty of a partner", "Report")
        AUDIT = "audit", pgettext_lazy("duty of a partner", "Audit at the partner")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="duties")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("what is asked"), max_length=200)
    text = models.CharField(_("details"), max_length=1000, blank=True)
    due_on = models.DateField(_("due on"))
    every_months = models.PositiveSmallIntegerField(_("again after months"), default=0)  # 0: once
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("file")
    )
    answered_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("duty of a partner")
        verbose_name_plural = _("duties of partners")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["answered_at", "due_on"], name="partners_duty_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="partners_answer_has_words"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the duty's page."""
        return reverse("partners:duty_detail", args=[self.pk])


class DutyFinding(models.Model):
    """Something that an audit or report showed, to be put right by the partner by a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="findings")
    text = models.CharField(_("what was found"), max_length=600)
    due_on = models.DateField(_("to be put right by"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    settled = models.CharField(_("how it was put right"), max_length=600, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("settled by")
    )

    class Meta:
        verbose_name = _("finding at a partner")
        verbose_name_plural = _("findings at partners")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text
