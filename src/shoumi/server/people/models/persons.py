"""Persons and their engagements: who works here, as what, in which department and post, from when to when.

Engagements are history: they begin, they end, they are never overwritten.  An engagement holds from the
first moment of `starts_on` until the first moment of `ends_on`: on that day there are no rights any more.
Dispatched workers and workers of contractors are kept apart from employees, as labour law asks.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.naming import AddressField, NameField
from shoumi.server.people.models.organisation import Department, LegalEntity, Post


class Person(models.Model):
    """A natural person; whether they work here now is told by their engagements, not by a flag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person",
        verbose_name=_("sign-in"),
    )  # fmt: skip
    entity = models.ForeignKey(
        LegalEntity, models.PROTECT, related_name="persons", verbose_name=_("legal entity")
    )
    number = NameField(_("employee number"), max_length=32)
    name = NameField(_("name"), max_length=80)
    reading = NameField(
        _("reading"),
        max_length=160,
        blank=True,
        db_index=True,
        help_text=_("Pinyin or kana; lists are sorted by it."),
    )
    search = models.CharField(max_length=400, blank=True, editable=False)  # name, number, reading, initials
    phone = NameField(_("telephone"), max_length=40, blank=True)
    email = AddressField(_("e-mail"), blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        """Rules of the table."""

        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ("reading", "name", "number")
        constraints = (
            models.UniqueConstraint(fields=("entity", "number"), name="people_person_number_once"),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the person's page."""
        return reverse("people:person_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this person."""
        return f"person:{self.pk}"


class EngagementKind(models.TextChoices):
    """On which ground somebody works here."""

    EMPLOYEE = "employee", pgettext_lazy("engagement", "Employee")
    DISPATCHED_WORKER = "dispatched_worker", pgettext_lazy("engagement", "Dispatched worker")
    CONTRACTORS_WORKER = "contractors_worker", pgettext_lazy("engagement", "Contractor's worker")
    ADVISER = "adviser", pgettext_lazy("engagement", "Adviser")


class EndReason(models.TextChoices):
    """Why an engagement ended."""

    MOVED = "moved", pgettext_lazy("end of engagement", "Moved to another post")
    RESIGNED = "resigned", pgettext_lazy("end of engagement", "Resigned")
    EXPIRED = "expired", pgettext_lazy("end of engagement", "Term expired")
    DISMISSED = "dismissed", pgettext_lazy("end of engagement", "Dismissed")
    RETIRED = "retired", pgettext_lazy("end of engagement", "Retired")
    OTHER = "other", pgettext_lazy("end of engagement", "Other")


class Engagement(models.Model):
    """One stretch of work of one person in one department and post."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="engagements", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=20, choices=EngagementKind)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="engagements", verbose_name=_("department")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="engagements", verbose_name=_("post")
    )
    contractor = models.CharField(
        _("employing company"), max_length=200, blank=True,
        help_text=_("The contractor or the dispatching company; needed for contractors' workers."),
    )  # fmt: skip
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("On this day there are no rights any more.")
    )
    end_reason = models.CharField(_("reason of the end"), max_length=12, choices=EndReason, blank=True)
    end_note = models.CharField(_("note on the end"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        """Rules of the table."""

        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ("-starts_on", "id")
        indexes = (
            models.Index(fields=("department", "starts_on", "ends_on"), name="people_engagement_place"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "department", "post"),
                condition=Q(ends_on__isnull=True, post__isnull=False),
                name="people_engagement_open_once",
            ),
            models.UniqueConstraint(
                fields=("person", "department"),
                condition=Q(ends_on__isnull=True, post__isnull=True),
                name="people_engagement_open_once_without_post",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="people_engagement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(kind="contractors_worker") | ~Q(contractor=""),
                name="people_engagement_names_contractor",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EngagementKind.values), name="people_engagement_kind"
            ),
        )

    def __str__(self) -> str:
        """Return person, department and post."""
        return " · ".join(str(part) for part in (self.person, self.department, self.post) if part)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows the person it belongs to."""
        return f"person:{self.person_id}"
