"""Exceptions: findings that two persons have agreed to be harmless, until a date.

Whoever proposes one says how far it reaches; written down are the findings that this covers at that moment,
each as one finding of one content at one path.  Another content has other findings, a new file has a path of
its own and a copy elsewhere too, so that nothing hides behind an exception that nobody has looked at.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatchException(models.Model):
    """Findings that count as harmless once a second person has agreed."""

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", pgettext_lazy("exception", "Proposed")
        IN_FORCE = "in_force", pgettext_lazy("exception", "In force")
        REFUSED = "refused", pgettext_lazy("exception", "Refused")
        ENDED = "ended", pgettext_lazy("exception", "Ended")

    class Scope(models.TextChoices):
        """How far it reaches, from the one finding that it began with."""

        FILE = "file", _("The same in this file")
        FOLDER = "folder", _("The same in all files of this folder")
        KIND = "kind", _("Everything of this kind in this folder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", on_delete=models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner department"),
        null=True,
        blank=True,
    )  # of the secret that was found
    scope = models.CharField(pgettext_lazy("exception", "reach"), max_length=10, choices=Scope)
    kind = models.CharField(_("kind"), max_length=12)
    code = models.CharField(_("what"), max_length=120)
    text = models.TextField(_("text, masked"), blank=True)
    finding = models.CharField(max_length=32)  # it began with; hangs on content, kind and place
    place = models.CharField(max_length=90)  # share or `upload`
    path = models.CharField(_("path"), max_length=4200)
    covered = models.PositiveIntegerField(_("findings covered"), default=0)
    reason = models.CharField(_("reason"), max_length=300)
    expires_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
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

    def get_absolute_url(self) -> str:
        """Return the exception's page."""
        return reverse("documents:exception_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this exception."""
        return f"match-exception:{self.id}"


class ExceptedFinding(models.Model):
    """One finding at one path that an exception covers, in whatever scan it is met again."""

    exception = models.ForeignKey(MatchException, on_delete=models.CASCADE, related_name="findings")
    finding = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)  # SHA-256 of the path, as in `ScannedFile`

    class Meta:
        verbose_name = _("excepted finding")
        verbose_name_plural = _("excepted findings")
        constraints = [
            models.UniqueConstraint(fields=["exception", "digest", "finding"], name="documents_excepted_once")
        ]
        indexes = [models.Index(fields=["digest", "finding"], name="documents_excepted_finding")]

    def __str__(self) -> str:
        return f"{self.finding[:8]} {self.digest[:8]}"
