"""Campaigns: a course for an audience by a day, and what became of it for each person.

An assignment is made in the transaction in which the person is told, and there is one for each person and
campaign: whoever has one is never told again that there is a course to learn, however often a campaign is
stopped and resumed.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import Department, Person
from shoumi.server.training.models.courses import Course
from shoumi.server.training.models.records import Record


class Campaign(Record):
    """A course that an audience is to learn by a day."""

    class State(models.TextChoices):
        """How far it has come; a worker moves it from waiting to open."""

        WAITING = "waiting", pgettext_lazy("campaign", "Waiting")
        SENDING = "sending", pgettext_lazy("campaign", "Being sent")
        STOPPED = "stopped", pgettext_lazy("campaign", "Stopped")
        OPEN = "open", pgettext_lazy("campaign", "Open")
        CLOSED = "closed", pgettext_lazy("campaign", "Closed")

    course = models.ForeignKey(Course, models.PROTECT, related_name="campaigns")
    title = models.CharField(_("title"), max_length=120)
    audience = models.CharField(_("audience"), max_length=40)  # an id of the pack
    departments = models.ManyToManyField(Department, related_name="+", verbose_name=_("departments"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stop_asked = models.BooleanField(default=False)
    runner = models.UUIDField(null=True)  # the worker that sends it
    seen_at = models.DateTimeField(null=True)  # the last sign of life of that worker
    expected = models.PositiveIntegerField(default=0)  # persons, counted when sending began
    sent = models.PositiveIntegerField(default=0)  # persons, when it had last gone out
    closed_on = models.DateField(_("closed on"), null=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the campaign."""
        return reverse("training:campaign_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"campaign:{self.pk}"

    @property
    def is_moving(self) -> bool:
        """Whether a worker has it before it."""
        return self.state in {self.State.WAITING, self.State.SENDING}


class Assignment(models.Model):
    """That one person is to learn the course of one campaign, and when they were told and reminded."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="training_assignments")
    assigned_at = models.DateTimeField(_("assigned"))
    told_at = models.DateTimeField(_("told"), null=True)  # None: has no sign-in and is told on paper
    reminded_on = models.DateField(_("last reminder"), null=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    escalated_on = models.DateField(pgettext_lazy("training", "escalated"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    certificate = models.ForeignKey(
        "training.Certificate", models.PROTECT, null=True, related_name="assignments"
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["campaign", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="training_assigned_once")]
        indexes = [
            models.Index(
                fields=["campaign"], condition=models.Q(done_at__isnull=True), name="training_still_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.campaign}"
