"""A company's older register on its way in: one batch per file, decided as one approval.

Rows stay here as drafts of the batch; secrets come into being only when the batch is approved.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.secrets import TradeSecret


class LegacyBatch(models.Model):
    """The rows of one older register, with the three elements answered for all of them at once."""

    class State(models.TextChoices):
        """Where the batch stands."""

        DRAFT = "draft", _("Draft")
        UNDER_REVIEW = "under_review", _("Under review")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        REGISTERING = "registering", _("Being registered")
        REGISTERED = "registered", _("Registered")
        RETURNED = "returned", _("Sent back")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="legacy_batches")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    elements = models.JSONField(_("the three elements"), default=dict)  # {element: {reason, evidence}}
    exclusions = models.JSONField(_("exclusions"), default=dict)  # {exclusion: {answer, fields}}
    necessity = models.TextField(_("why they must be kept secret"), blank=True)
    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    deciders = models.JSONField(_("decided by"), default=list, blank=True)  # as `TradeSecret.designated_by`
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # the last decider, in whose name the rows are registered
    outcome_reason = models.TextField(_("reason of the outcome"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported register")
        verbose_name_plural = _("imported registers")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this batch."""
        return f"register:{self.id}"


class LegacyRow(models.Model):
    """One faultless row of the batch, already understood: names resolved to departments and persons."""

    batch = models.ForeignKey(LegacyBatch, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(_("row in the file"))
    values = models.JSONField(_("values"))
    secret = models.OneToOneField(
        TradeSecret, on_delete=models.SET_NULL, null=True, blank=True, related_name="legacy_row"
    )

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="register_row_unique")]
        indexes = [
            models.Index(
                fields=["batch", "position"], condition=models.Q(secret=None), name="register_row_waiting"
            )  # the next portion is found however many rows were taken over before it
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}"
