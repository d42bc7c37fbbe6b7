"""What was reported, the letters that went to and fro, and what was attached to them.

A concern without a name has nothing that leads to whoever reported it: no account, no address, no browser;
its mailbox opens with a passphrase of which only the hash is kept.  Letters are sealed under its own key.
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
LONGEST_TEXT = 8000  # characters of one letter
MOST_FILES = 5  # of one letter
FILE_BYTES = 20 * 1024**2  # of one file


class Concern(models.Model):
    """One report, from its coming in to the end of its examination."""

    class Kind(models.TextChoices):
        """What it is about."""

        LEAK = "leak", pgettext_lazy("concern", "A secret may have been disclosed or taken")
        HANDLING = "handling", pgettext_lazy("concern", "Secrets are handled against the rules")
        DATA = "data", pgettext_lazy("concern", "Personal data are misused")
        PRESSURE = "pressure", pgettext_lazy("concern", "Somebody is put under pressure or disadvantaged")
        OTHER = "other", pgettext_lazy("concern", "Something else")

    class State(models.TextChoices):
        """How far it is."""

        RECEIVED = "received", pgettext_lazy("concern", "Received")
        EXAMINED = "examined", pgettext_lazy("concern", "Being examined")
        CLOSED = "closed", pgettext_lazy("concern", "Closed")

    class Outcome(models.TextChoices):
        """What the examination found."""

        CONFIRMED = "confirmed", pgettext_lazy("concern", "Confirmed; measures were taken")
        UNCONFIRMED = "unconfirmed", pgettext_lazy("concern", "Not confirmed")
        ELSEWHERE = "elsewhere", pgettext_lazy("concern", "Handed to whoever is responsible")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    kind = models.CharField(_("what it is about"), max_length=10, choices=Kind)
    to_legal = models.BooleanField(_("addressed to legal"))
    to_office = models.BooleanField(_("addressed to the secrecy office"))
    reporter = models.ForeignKey(
        USER, models.PROTECT, related_name="concerns", null=True, blank=True, verbose_name=_("reported by")
    )
    passphrase_sha256 = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - none by name
    key = models.OneToOneField("files.ContentKey", models.PROTECT, related_name="+", verbose_name=_("key"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(_("received"))
    waiting_since = models.DateTimeField(_("waiting for an answer since"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("report", "concern")
        verbose_name_plural = pgettext_lazy("report", "concerns")
        ordering = ("-received_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(reporter__isnull=True) ^ Q(passphrase_sha256__isnull=True),
                name="concerns_name_or_passphrase",
            ),
            models.CheckConstraint(
                condition=Q(to_legal=True) | Q(to_office=True), name="concerns_addressed_to_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="concerns_closed_says_how",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the concern's page in the office."""
        return reverse("concerns:concern_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """What to call it: random, so that it tells nothing."""
        return self.pk.hex[:8].upper()

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this concern."""
        return f"concern:{self.pk}"


class Letter(models.Model):
    """One message of whoever reported it, or of the office."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="letters")
    author = models.ForeignKey(  # of the office; nobody: whoever reported it
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("written by")
    )
    sealed = models.BinaryField(_("sealed content"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("letter of a concern")
        verbose_name_plural = _("letters of concerns")
        ordering = ("sent_at", "id")
        indexes = (models.Index(fields=("concern", "sent_at"), name="concerns_letters_in_order"),)

    def __str__(self) -> str:
        return str(self.pk)


class Enclosure(models.Model):
    """One file that came with a letter; stored encrypted, under a name that says nothing."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="enclosures")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("enclosure")
        verbose_name_plural = _("enclosures")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.file.name
