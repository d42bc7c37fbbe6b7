"""Exceptions: findings that two persons have agreed to be harmless, until a date.

An exception names one finding of one file's content at one path.  Another content has other findings, and a
copy elsewhere has another path, so that nothing hides behind an exception that nobody has looked at.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatchException(models.Model):
    """One finding that counts as harmless once a second person has agreed."""

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", pgettext_lazy("exception", "Proposed")
        IN_FORCE = "in_force", pgettext_lazy("exception", "In force")
        REFUSED = "refused", pgettext_lazy("exception", "Refused")
        ENDED = "ended", pgettext_lazy("exception", "Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.CharField(max_length=32)  # hangs on content, kind and place
    place = models.CharField(max_length=90)  # share or `upload`
    path = models.CharField(_("path"), max_length=4200)
    reason = models.CharField(_("reason"), max_length=300)
    expires_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["-proposed_at", "id"]
        indexes = [models.Index(fields=["finding", "state"], name="documents_exception_of")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="in_force")
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))),
                name="documents_exception_two_persons",
            )
        ]

    def __str__(self) -> str:
        return f"{self.finding[:8]} {self.path}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this exception."""
        return f"match-exception:{self.id}"
