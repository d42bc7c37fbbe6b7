"""What an inspection looks at point by point, which systems it evaluates, and what its findings change.

Follows the guide 五(五)2(2) (conduct of duties) and WEC-27: the security of systems is evaluated at regular
times, and rules and systems are adjusted by what was found.  The points are those of the pack on the day of
the plan, kept in their words.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.assurance.models.inspections import Finding, Inspection
from shoumi.server.assurance.models.rules import RuleVersion


class InspectedSystem(models.Model):
    """One system in the scope of an evaluation: a unit of the register, or one named in words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="systems")
    unit = models.ForeignKey(
        "register.StorageUnit", models.PROTECT, null=True, related_name="+", verbose_name=_("system")
    )
    name = models.CharField(_("name"), max_length=160)  # as it was called when it was planned

    class Meta:
        verbose_name = _("evaluated system")
        verbose_name_plural = _("evaluated systems")
        ordering = ["inspection", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "unit"], condition=Q(unit__isnull=False), name="assurance_system_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class InspectionPoint(models.Model):
    """One point of the checklist, and what was seen."""

    class Result(models.TextChoices):
        """What was seen."""

        OPEN = "", pgettext_lazy("inspection point", "Not looked at yet")
        GOOD = "good", pgettext_lazy("inspection point", "In order")
        GAP = "gap", pgettext_lazy("inspection point", "Not in order")
        NONE = "none", pgettext_lazy("inspection point", "Does not arise")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.CharField(_("point"), max_length=40)  # of the pack
    words = models.JSONField(_("what is looked at"))  # zh, ja, en as on the day of the plan
    result = models.CharField(_("result"), max_length=4, choices=Result, default=Result.OPEN, blank=True)
    note = models.CharField(_("what was seen"), max_length=400, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("point of an inspection")
        verbose_name_plural = _("points of inspections")
        ordering = ["inspection", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="assurance_point_number"),
            models.CheckConstraint(condition=~Q(result="gap") | ~Q(note=""), name="assurance_gap_has_words"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"inspectionpoint:{self.pk}"

    def in_language(self, language: str) -> str:
        """Return the words of the point in a language."""
        return Texts(**self.words).in_language(language)


class Change(models.Model):
    """What a finding about systems shall change, how severe it is, and the rule that was changed."""

    class Severity(models.TextChoices):
        """How much harm the weakness may do."""

        LOW = "low", pgettext_lazy("severity", "Low")
        MEDIUM = "medium", pgettext_lazy("severity", "Medium")
        HIGH = "high", pgettext_lazy("severity", "High")
        CRITICAL = "critical", pgettext_lazy("severity", "Critical")

    class Kind(models.TextChoices):
        """What is changed."""

        RULE = "rule", pgettext_lazy("kind of change", "Rule of the company")
        SYSTEM = "system", pgettext_lazy("kind of change", "System or its settings")
        RIGHTS = "rights", pgettext_lazy("kind of change", "Accounts and rights")
        WORK = "work", pgettext_lazy("kind of change", "Way of working")

    finding = models.OneToOneField(Finding, models.PROTECT, primary_key=True, related_name="change")
    system = models.ForeignKey(
        InspectedSystem, models.PROTECT, null=True, related_name="changes", verbose_name=_("system")
    )  # none: all of them
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    kind = models.CharField(_("what is changed"), max_length=6, choices=Kind)
    text = models.TextField(_("the change"))
    rule = models.ForeignKey(
        RuleVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("rule as changed")
    )

    class Meta:
        verbose_name = _("change after an evaluation")
        verbose_name_plural = _("changes after evaluations")
        ordering = ["finding"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__isnull=True) | Q(kind="rule"), name="assurance_change_rule_of_rules"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
