"""What fell due to be erased, who proposed and who approved it, and what became of each thing.

The plan is fixed when it is made; a hold that is set later is looked at again when each thing is erased.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class Erasure(models.Model):
    """One plan of a legal entity, from its draft to its end; at most one is under way."""

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", pgettext_lazy("erasure", "To be looked through")
        WAITING = "waiting", pgettext_lazy("erasure", "Waiting for a second person")
        RUNNING = "running", pgettext_lazy("erasure", "Being erased")
        DONE = "done", pgettext_lazy("erasure", "Done")
        REFUSED = "refused", pgettext_lazy("erasure", "Refused")

    UNDER_WAY = ("draft", "waiting", "running")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(_("made"))
    proposed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("proposed by")
    )
    decided_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-made_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("entity",),
                condition=Q(state__in=("draft", "waiting", "running")),
                name="privacy_erasure_one_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "done"))
                | Q(decided_by__isnull=False, proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="privacy_erasure_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entity} · {self.made_at.date()}"

    def get_absolute_url(self) -> str:
        """Return the address of the plan's page."""
        return reverse("privacy:erasure_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this plan."""
        return f"erasure:{self.pk}"


class ErasureItem(models.Model):
    """One thing to be erased: whose keeper has it under which key, and what became of it."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("erasure item", "To be erased")
        ERASED = "erased", pgettext_lazy("erasure item", "Erased")
        HELD = "held", pgettext_lazy("erasure item", "Kept by a hold")
        GONE = "gone", pgettext_lazy("erasure item", "Was gone already")
        FAILED = "failed", pgettext_lazy("erasure item", "Failed")

    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="items")
    keeper = models.CharField(_("kind of data"), max_length=40)
    key = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    processing = models.ForeignKey(
        "privacy.Processing", models.PROTECT, related_name="+", verbose_name=_("processing")
    )
    collected_on = models.DateField(_("collected"))
    last_day = models.DateField(_("kept until"))
    outcome = models.CharField(_("result"), max_length=8, choices=Outcome, default=Outcome.WAITING)

    class Meta:
        verbose_name = _("thing to be erased")
        verbose_name_plural = _("things to be erased")
        ordering = ("erasure", "id")
        indexes = (models.Index(fields=("erasure", "outcome"), name="privacy_erasure_progress"),)
        constraints = (
            models.UniqueConstraint(fields=("erasure", "keeper", "key"), name="privacy_erasure_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.keeper}:{self.key}"
