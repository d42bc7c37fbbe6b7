"""Proof of the nine duties that people add by hand, and the technical measures of each business step.

Follows the guide 二(二): most proof is counted from the records themselves (`queries.duties`); what happened
outside of this system is added here, with its file.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.models.records import Record, Stretch
from shoumi.server.people.models import LEVELS, Department, LegalEntity


class DutyEvidence(Record):
    """One piece of proof that a duty was done, added by hand."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    duty = models.CharField(_("duty"), max_length=12)  # a code of the pack, such as `ORG-D7`
    day = models.DateField(_("day"))
    text = models.CharField(_("what was done"), max_length=400)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("proof of a duty")
        verbose_name_plural = _("proof of duties")
        ordering = ["duty", "-day", "id"]
        indexes = [models.Index(fields=["entity", "duty", "day"], name="assurance_duty_evidence")]

    def __str__(self) -> str:
        return self.text


class TechnicalMeasure(Stretch):
    """A technical measure that protects secrets in one step of the business."""

    class Step(models.TextChoices):
        """Steps of research, production and trade."""

        RESEARCH = "research", pgettext_lazy("business step", "Research and development")
        PURCHASING = "purchasing", pgettext_lazy("business step", "Purchasing")
        PRODUCTION = "production", pgettext_lazy("business step", "Production")
        SALES = "sales", pgettext_lazy("business step", "Sales and customers")
        FINANCE = "finance", pgettext_lazy("business step", "Finance")
        PERSONNEL = "personnel", pgettext_lazy("business step", "Human resources")
        SYSTEMS = "systems", pgettext_lazy("business step", "Systems and networks")
        PARTNERS = "partners", pgettext_lazy("business step", "Cooperation with outsiders")

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    step = models.CharField(_("business step"), max_length=12, choices=Step)
    name = models.CharField(_("measure"), max_length=200)
    level = models.PositiveSmallIntegerField(_("from which level on"), choices=LEVELS[1:], default=1)
    keeper = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department in charge")
    )
    note = models.CharField(_("how it works"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("technical measure")
        verbose_name_plural = _("technical measures")
        ordering = ["entity", "step", "-level", "name"]

    def __str__(self) -> str:
        return self.name
