"""Visits: asked for, approved, entered and left; devices that were handed in; how long it is all kept.

Follows the knowledge Q&A 十一: visitors need permission, and phones and other devices stay outside key
places.  Names and numbers of visitors are personal data: shown masked, and erased when their time is over.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.places.models.zones import Zone

USER = settings.AUTH_USER_MODEL


class Visit(models.Model):
    """A visit that a host asks for."""

    class State(models.TextChoices):
        """Where it stands; see `engine.workflow` VISIT."""

        REQUESTED = "requested", pgettext_lazy("visit", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("visit", "Approved")
        REJECTED = "rejected", pgettext_lazy("visit", "Rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("visit", "Called off")
        OVER = "over", pgettext_lazy("visit", "Over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="visits", verbose_name=_("zone"))
    host = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="hosted_visits", verbose_name=_("host")
    )
    escort = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="escorted_visits", null=True, blank=True,
        verbose_name=_("escort"),
    )  # fmt: skip
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    purpose = models.CharField(_("purpose"), max_length=400)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    request_id = models.UUIDField(null=True, blank=True)
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    requested_at = models.DateTimeField(_("asked for"))
    decided_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    erased_at = models.DateTimeField(_("details erased"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-starts_at", "id"]
        indexes = [models.Index(fields=["zone", "starts_at"], name="places_visit_when")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="places_visit_times")
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.starts_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the address of the visit's page."""
        return reverse("places:visit_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this visit."""
        return f"visit:{self.pk}"


class Visitor(models.Model):
    """One person who comes; the details are empty once they were erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="visitors")
    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    pledged_at = models.DateTimeField(_("pledge acknowledged"), null=True, blank=True)
    pledge_version = models.CharField(max_length=20, blank=True)
    pledge_sha256 = models.CharField(max_length=64, blank=True)  # of the text that was read

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this visitor."""
        return f"visitor:{self.pk}"


class Passage(models.Model):
    """One entry into a zone with its exit, of a visitor or of an employee; or an entry that was refused."""

    class Refusal(models.TextChoices):
        """Why somebody was not let in."""

        DEVICES = "devices", pgettext_lazy("refusal", "Did not hand in forbidden devices")
        NO_PERMISSION = "no_permission", pgettext_lazy("refusal", "Has no permission for this zone today")
        OTHER = "other", pgettext_lazy("refusal", "Other reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="passages", verbose_name=_("zone"))
    visitor = models.ForeignKey(
        Visitor, models.PROTECT, related_name="passages", null=True, blank=True, verbose_name=_("visitor")
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    entered_at = models.DateTimeField(_("entered"), null=True, blank=True)
    expected_until = models.DateTimeField(_("expected to leave by"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, blank=True)
    refusal = models.CharField(_("refused because"), max_length=14, choices=Refusal, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    alerted_at = models.DateTimeField(null=True, blank=True)  # when it was told that they stay too long

    class Meta:
        verbose_name = _("entry and exit")
        verbose_name_plural = _("entries and exits")
        ordering = ["-recorded_at", "id"]
        indexes = [models.Index(fields=["zone", "-recorded_at"], name="places_passage_log")]
        constraints = [
            models.CheckConstraint(
                condition=Q(visitor__isnull=False, person__isnull=True)
                | Q(visitor__isnull=True, person__isnull=False),
                name="places_passage_of_one",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False, refusal="")
                | (Q(entered_at__isnull=True, left_at__isnull=True) & ~Q(refusal="")),
                name="places_passage_or_refusal",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="places_passage_times",
            ),
            models.UniqueConstraint(
                fields=["zone", "visitor"],
                condition=Q(left_at__isnull=True, refusal=""),
                name="places_visitor_inside_once",
            ),
            models.UniqueConstraint(
                fields=["zone", "person"],
                condition=Q(left_at__isnull=True, refusal=""),
                name="places_person_inside_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_inside(self) -> bool:
        """Whether who entered has not left."""
        return self.entered_at is not None and self.left_at is None


class Device(models.Model):
    """A device that somebody had with them: handed in to a locker, or not handed over."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="devices")
    kind = models.CharField(_("device"), max_length=20)  # id of the pack
    locker = models.CharField(_("locker"), max_length=20, blank=True)  # empty: it was not handed in
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    given_back_at = models.DateTimeField(_("given back"), null=True, blank=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True, locker="", given_back_at__isnull=True)
                | (Q(handed_in_at__isnull=False) & ~Q(locker="")),
                name="places_device_in_locker",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.locker}"


class VisitorRetention(models.Model):
    """How long a legal entity keeps visitors' details; without a row the pack's number holds."""

    entity = models.OneToOneField(
        "people.LegalEntity", models.PROTECT, related_name="visitor_retention", verbose_name=_("legal entity")
    )
    days = models.PositiveSmallIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=400)
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("keeping of visitors' details")
        verbose_name_plural = _("keeping of visitors' details")
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=3650), name="places_retention_days")
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {self.days}"
