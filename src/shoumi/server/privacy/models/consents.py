"""What a person agreed to or refused, each thing apart, and who was let see a person unmasked.

A consent is withdrawn by its end; agreeing again is a new row.
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


class Consent(models.Model):
    """One answer of a person to one question about one processing."""

    class Answer(models.TextChoices):
        """What was answered."""

        GIVEN = "given", pgettext_lazy("consent", "Agreed")
        REFUSED = "refused", pgettext_lazy("consent", "Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="privacy_consents", verbose_name=_("person")
    )
    processing = models.ForeignKey(
        "privacy.Processing", models.PROTECT, related_name="consents", verbose_name=_("processing")
    )
    scope = models.CharField(_("what it is about"), max_length=40)  # `basis`, a trait or a kind
    answer = models.CharField(_("answer"), max_length=8, choices=Answer)
    text = models.TextField(_("what was asked"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    language = models.CharField(_("language"), max_length=8)
    answered_at = models.DateTimeField(_("answered"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-answered_at", "id")
        indexes = (models.Index(fields=("person", "processing"), name="privacy_consent_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "processing", "scope"),
                condition=Q(withdrawn_at__isnull=True, answer="given"),
                name="privacy_consent_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(answer="given"),
                name="privacy_only_given_is_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.processing} · {self.scope}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this consent."""
        return f"consent:{self.pk}"


class Unmasking(models.Model):
    """That somebody asked to see a person unmasked, why, who agreed, and until when."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", pgettext_lazy("unmasking", "Waiting for a second person")
        GRANTED = "granted", pgettext_lazy("unmasking", "Agreed")
        REFUSED = "refused", pgettext_lazy("unmasking", "Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="unmaskings", verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    purpose = models.CharField(_("why it must be seen"), max_length=400)
    requester = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("unmasking")
        verbose_name_plural = _("unmaskings")
        ordering = ("-asked_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("requester")),
                name="privacy_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(decided_by__isnull=False, until__isnull=False),
                name="privacy_granted_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """Return the address of the unmasking's page."""
        return reverse("privacy:unmasking_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this unmasking."""
        return f"unmasking:{self.pk}"
