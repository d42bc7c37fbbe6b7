"""Notices: what persons are told, word for word and with its hash, and the proof that each was told.

A version of a notice covers processings and has one text for each language.  What counts as told: the person
acknowledged exactly that text, or, where the notice asks for no acknowledgement, it was shown to them.
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
LANGUAGES = ("zh-hans", "ja", "en")


class Notice(models.Model):
    """A notice through all its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="privacy_notices", verbose_name=_("legal entity")
    )
    title = models.CharField(_("title"), max_length=120)
    departments = models.ManyToManyField(
        "people.Department",
        related_name="+",
        blank=True,
        verbose_name=_("audience"),
        help_text=_("None chosen: everybody in the legal entity."),
    )
    must_acknowledge = models.BooleanField(_("counts only once it is acknowledged"), default=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the notice's page."""
        return reverse("privacy:notice_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this notice."""
        return f"privacy_notice:{self.pk}"


class NoticeVersion(models.Model):
    """One version; with `material` the earlier ones stop counting when it is published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="versions", verbose_name=_("notice"))
    number = models.PositiveSmallIntegerField(_("version"))
    processings = models.ManyToManyField(
        "privacy.Processing", related_name="notices", verbose_name=_("processings it tells of")
    )
    material = models.BooleanField(_("must be read anew"), default=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("published by"))

    class Meta:
        verbose_name = _("version of a privacy notice")
        verbose_name_plural = _("versions of privacy notices")
        ordering = ("notice", "-number")
        constraints = (models.UniqueConstraint(fields=("notice", "number"), name="privacy_version_once"),)

    def __str__(self) -> str:
        return f"{self.notice} {self.number}"


class NoticeText(models.Model):
    """The text of a version in one language, exactly as it is shown; `sha256` is that of its UTF-8."""

    version = models.ForeignKey(NoticeVersion, models.PROTECT, related_name="texts")
    language = models.CharField(_("language"), max_length=8)
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)

    class Meta:
        verbose_name = _("text of a privacy notice")
        verbose_name_plural = _("texts of privacy notices")
        ordering = ("version", "language")
        constraints = (models.UniqueConstraint(fields=("version", "language"), name="privacy_text_once"),)

    def __str__(self) -> str:
        return f"{self.version} {self.language}"


class Delivery(models.Model):
    """That one version was handed to one person, how, and what proves it."""

    class Channel(models.TextChoices):
        """How it was handed over."""

        CONSOLE = "console", pgettext_lazy("delivery of a notice", "In the console")
        PAPER = "paper", pgettext_lazy("delivery of a notice", "On paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice_version = models.ForeignKey(
        NoticeVersion, models.PROTECT, related_name="deliveries", verbose_name=_("version")
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="privacy_deliveries", verbose_name=_("person")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    text = models.ForeignKey(
        NoticeText, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("text shown")
    )
    shown_at = models.DateTimeField(_("shown"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    proof = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("signed paper"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("delivery of a notice")
        verbose_name_plural = _("deliveries of notices")
        ordering = ("-sent_at", "id")
        indexes = (models.Index(fields=("person", "notice_version"), name="privacy_delivery_person"),)
        constraints = (
            models.UniqueConstraint(fields=("notice_version", "person"), name="privacy_delivery_once"),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(text__isnull=False), name="privacy_shown_has_a_text"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(shown_at__isnull=False),
                name="privacy_acknowledged_was_shown",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_version} · {self.person}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this delivery."""
        return f"privacy_delivery:{self.pk}"
