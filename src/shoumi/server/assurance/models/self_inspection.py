"""The self-inspection: one run over the rows of the guide, frozen on a day, and the company's profile for it.

Source: the packs' `self_inspection.yaml`.  A frozen run is never changed; the next one is compared with it.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.models.inspections import Finding, Inspection
from shoumi.server.people.models import LegalEntity


class EnterpriseProfile(models.Model):
    """Whether a legal entity takes part as a demonstration enterprise (trial); by choice, from a day on."""

    entity = models.OneToOneField(LegalEntity, models.CASCADE, related_name="enterprise_profile")
    demonstration = models.BooleanField(_("demonstration enterprise (trial)"), default=False)
    since = models.DateField(_("since"), null=True, blank=True)
    authority = models.CharField(_("chosen by"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("enterprise profile")
        verbose_name_plural = _("enterprise profiles")

    def __str__(self) -> str:
        return str(self.entity)


class SelfInspection(models.Model):
    """One run: filled from the records, corrected by an inspector, then frozen."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", pgettext_lazy("self-inspection", "Open")
        FROZEN = "frozen", pgettext_lazy("self-inspection", "Frozen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="self_inspections")
    pack = models.CharField(_("law pack"), max_length=8)
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    demonstration = models.BooleanField(_("demonstration enterprise (trial)"), default=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(_("frozen"), null=True)
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("inspection")
    )  # in which its gaps are put right; not part of what is frozen
    sha256 = models.CharField(_("SHA-256 of the frozen run"), max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("self-inspection")
        verbose_name_plural = _("self-inspections")
        ordering = ["-day", "-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=Q(state="open"), name="assurance_one_open_self_inspection"
            ),
            models.CheckConstraint(
                condition=Q(state="open", frozen_at=None) | (Q(state="frozen") & ~Q(sha256="")),
                name="assurance_frozen_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.day}"

    def get_absolute_url(self) -> str:
        """Return the address of the run."""
        return reverse("assurance:self_inspection_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this run."""
        return f"self_inspection:{self.pk}"


class SelfInspectionRow(models.Model):
    """One row of a run: what the records say, and what an inspector says otherwise with reason and proof."""

    class Result(models.TextChoices):
        """What was found; never a judgement of law."""

        SHOWN = "shown", pgettext_lazy("self-inspection", "Shown by records")
        PARTLY = "partly", pgettext_lazy("self-inspection", "Partly shown")
        GAP = "gap", pgettext_lazy("self-inspection", "Gap")
        ASK = "ask", pgettext_lazy("self-inspection", "To be looked at by a person")
        NONE = "none", pgettext_lazy("self-inspection", "Does not arise here")

    run = models.ForeignKey(SelfInspection, models.CASCADE, related_name="rows")
    place = models.PositiveSmallIntegerField()  # order of the pack
    row = models.CharField(_("row"), max_length=12)
    group = models.CharField(_("group"), max_length=8)
    field = models.CharField(_("field"), max_length=12)
    result = models.CharField(_("result"), max_length=8, choices=Result)
    have = models.PositiveIntegerField(_("shown"), default=0)
    need = models.PositiveIntegerField(_("of"), default=0)
    link = models.CharField(_("rows behind it"), max_length=300, blank=True)
    override = models.CharField(_("result by the inspector"), max_length=8, choices=Result, blank=True)
    override_reason = models.TextField(_("reason"), blank=True)
    override_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    override_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    override_at = models.DateTimeField(_("looked at"), null=True)
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("finding")
    )

    class Meta:
        verbose_name = _("row of a self-inspection")
        verbose_name_plural = _("rows of a self-inspection")
        ordering = ["run", "place"]
        constraints = [
            models.UniqueConstraint(fields=["run", "row"], name="assurance_inspection_row_once"),
            models.CheckConstraint(
                condition=Q(override="") | (~Q(override_reason="") & Q(override_by__isnull=False)),
                name="assurance_override_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.final}"

    @property
    def final(self) -> str:
        """The result that counts: the inspector's if there is one."""
        return self.override or self.result
