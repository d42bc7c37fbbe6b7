"""Key departments and key places: proposed by one, decided by another, and withdrawn in the same order.

Follows the knowledge Q&A 十一: key departments deal much with secrets; key places are dedicated, fixed,
independently controlled and minimal, have measures, a secrecy rule of their own, and a visible sign.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL
LIVE = ("in_force", "withdrawing")
NOT_OVER = ("proposed", *LIVE)


class Designation(models.Model):
    """That a department or a zone is a key department or key place."""

    class Kind(models.TextChoices):
        """What is designated."""

        DEPARTMENT = "department", pgettext_lazy("designation", "Key department")
        PLACE = "place", pgettext_lazy("designation", "Key place")

    class State(models.TextChoices):
        """Where it stands; see `engine.workflow` DESIGNATION."""

        PROPOSED = "proposed", pgettext_lazy("designation", "Proposed")
        IN_FORCE = "in_force", pgettext_lazy("designation", "In force")
        REJECTED = "rejected", pgettext_lazy("designation", "Rejected")
        WITHDRAWING = "withdrawing", pgettext_lazy("designation", "Withdrawal proposed")
        WITHDRAWN = "withdrawn", pgettext_lazy("designation", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, related_name="key_designations", null=True, blank=True,
        verbose_name=_("department"),
    )  # fmt: skip
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, related_name="key_designations", null=True, blank=True,
        verbose_name=_("zone"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=600)
    conditions = models.JSONField(_("conditions"), default=dict)  # condition id → how it is met, in words
    rule = models.TextField(_("secrecy rule"), blank=True)
    rule_version = models.PositiveIntegerField(default=0)  # 0: none yet
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PROPOSED)
    request_id = models.UUIDField(null=True, blank=True)  # of the approval that is open or was last
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    in_force_since = models.DateField(_("in force since"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=600, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="department", department__isnull=False, zone__isnull=True)
                | Q(kind="place", zone__isnull=False, department__isnull=True),
                name="places_designation_target",
            ),
            models.UniqueConstraint(
                fields=["department"], condition=Q(state__in=NOT_OVER), name="places_key_department_once"
            ),
            models.UniqueConstraint(
                fields=["zone"], condition=Q(state__in=NOT_OVER), name="places_key_place_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="department") | ~Q(state__in=LIVE) | ~Q(rule=""),
                name="places_key_place_has_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.target}"

    @property
    def target(self) -> object:
        """The department or zone that it is about."""
        return self.department or self.zone

    @property
    def scope(self) -> str:
        """Where it stands for the rules."""
        return self.department.scope if self.department else self.zone.scope

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this designation."""
        return f"designation:{self.pk}"

    @property
    def is_live(self) -> bool:
        """Whether it holds now, a proposed withdrawal notwithstanding."""
        return self.state in LIVE


class KeyMeasure(models.Model):
    """One protective measure or piece of equipment of a key place."""

    designation = models.ForeignKey(Designation, models.CASCADE, related_name="measures")
    defence = models.CharField(_("defence"), max_length=12)  # people | physical | technical, of the pack
    description = models.CharField(_("measure or equipment"), max_length=200)
    number = models.CharField(_("equipment number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("measure of a key place")
        verbose_name_plural = _("measures of key places")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.description
