"""What persons ask about their data, and holds that keep data which would otherwise be erased.

The rights are those of the packs' `personal_data.yaml`; the due day is that of the pack's clock.
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


class SubjectRequest(models.Model):
    """One request of a person, from its coming in to the answer or the refusal with its reason."""

    class State(models.TextChoices):
        """How far it is."""

        RECEIVED = "received", pgettext_lazy("request", "Identity not checked yet")
        OPEN = "open", pgettext_lazy("request", "Being worked on")
        ANSWERED = "answered", pgettext_lazy("request", "Answered")
        REFUSED = "refused", pgettext_lazy("request", "Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="privacy_requests", verbose_name=_("person")
    )
    right = models.CharField(_("what is asked for"), max_length=40)
    text = models.TextField(_("in the person’s own words"), max_length=4000)
    state = models.CharField(_("state"), max_length=8, choices=State)
    received_at = models.DateTimeField(_("received"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    identity = models.CharField(_("how the identity was checked"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"))
    extension = models.CharField(_("why more time is needed"), max_length=400, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    answer = models.TextField(_("answer or reason of the refusal"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of persons")
        ordering = ("due_at", "id")
        indexes = (models.Index(fields=("state", "due_at"), name="privacy_request_due"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("received", "open")) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="privacy_request_closed_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.right}"

    def get_absolute_url(self) -> str:
        """Return the address of the request's page."""
        return reverse("privacy:request_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this request."""
        return f"subject_request:{self.pk}"


class Hold(models.Model):
    """A litigation hold: what it covers is not erased, whatever the retention rule says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    name = models.CharField(_("matter"), max_length=120)
    reason = models.CharField(_("reason"), max_length=400)
    persons = models.ManyToManyField(
        "people.Person", related_name="+", blank=True, verbose_name=_("persons concerned")
    )
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    release_reason = models.CharField(_("why it was released"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("litigation hold")
        verbose_name_plural = _("litigation holds")
        ordering = ("-set_at", "id")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the hold's page."""
        return reverse("privacy:hold_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this hold."""
        return f"litigation_hold:{self.pk}"
