"""What was recorded of a step: never changed, never deleted; another record adds to it or puts it right.

Follows the guide 五(五): talks, lists, papers and checks are filed.  A record that others took part in, or
witnessed, counts from the moment at which the last of them has said so.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.lifecycle.models.cases import CaseStep

USER = settings.AUTH_USER_MODEL


class StepRecord(models.Model):
    """One record."""

    class Way(models.TextChoices):
        """How it came about."""

        RECORDED = "recorded", pgettext_lazy("record of a step", "Recorded")
        SIGNED = "signed", pgettext_lazy("record of a step", "Signed here with the password")
        ON_PAPER = "on_paper", pgettext_lazy("record of a step", "Signed on paper, scan filed")
        REFUSED = "refused", pgettext_lazy("record of a step", "Signature refused")
        HANDOVER = "handover", pgettext_lazy("record of a step", "Handed over item by item")
        LOOK_BACK = "look_back", pgettext_lazy("record of a step", "From the look-back")
        NOTICES = "notices", pgettext_lazy("record of a step", "From the notices sent")
        AGREEMENT = "agreement", pgettext_lazy("record of a step", "From the agreement")
        TRAINING = "training", pgettext_lazy("record of a step", "From the training certificate")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(CaseStep, models.PROTECT, related_name="records", verbose_name=_("step"))
    way = models.CharField(_("how"), max_length=10, choices=Way, default=Way.RECORDED)
    happened_at = models.DateTimeField(_("when it was done"))
    note = models.TextField(_("what was done"), max_length=4000, blank=True)
    by = models.JSONField(default=list)  # persons who did it
    items = models.JSONField(default=dict)  # item → {state, at}
    signed = models.JSONField(default=dict)  # party → person
    refused = models.JSONField(default=list)  # parties
    document_sha256 = models.CharField(_("hash of what was signed"), max_length=64, blank=True)
    agreement = models.ForeignKey(
        "agreements.Agreement", models.PROTECT, related_name="step_records", null=True, blank=True,
        verbose_name=_("agreement"),
    )  # fmt: skip
    certificate = models.ForeignKey(
        "training.Certificate", models.PROTECT, related_name="step_records", null=True, blank=True,
        verbose_name=_("training certificate"),
    )  # fmt: skip
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    counts_from = models.DateTimeField(null=True, blank=True)  # when everybody named had confirmed it

    class Meta:
        verbose_name = _("record of a step")
        verbose_name_plural = _("records of steps")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "agreement"], name="lifecycle_agreement_once"),
            models.UniqueConstraint(fields=["step", "certificate"], name="lifecycle_training_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.recorded_at:%Y-%m-%d}"


class RecordFile(models.Model):
    """A file that proves a record."""

    record = models.ForeignKey(StepRecord, models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of a record")
        verbose_name_plural = _("files of records")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["record", "file"], name="lifecycle_record_file_once"),
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class Attestation(models.Model):
    """That somebody took part in what is recorded, or witnessed it, and whether they say so themselves."""

    class Part(models.TextChoices):
        """As what."""

        TOGETHER = "together", pgettext_lazy("attestation", "did it together")
        WITNESS = "witness", pgettext_lazy("attestation", "witness")

    record = models.ForeignKey(StepRecord, models.PROTECT, related_name="attestations")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=8, choices=Part)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    agreed = models.BooleanField(_("agreed"), default=False)
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["record", "user"], name="lifecycle_attestation_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(agreed=False), name="lifecycle_attestation_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.part}"
