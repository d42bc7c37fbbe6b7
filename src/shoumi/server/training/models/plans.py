"""The training plan of a year: what is taught to whom on which day, and the record that it took place.

Follows the guide 五(五)2(1): materials, attendance and test of each training are kept.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.training.models.courses import Course
from shoumi.server.training.models.records import Record


class PlannedSession(Record):
    """One training of a year; with a course it is learned online, without one in a room."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="training_sessions")
    title = models.CharField(_("title"), max_length=120)
    day = models.DateField(_("day"))
    audiences = models.JSONField(_("audiences"))  # ids of the pack
    parts = models.JSONField(_("parts"))  # ids of the pack
    course = models.ForeignKey(Course, models.PROTECT, null=True, related_name="sessions")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_on = models.DateField(pgettext_lazy("training", "held on"), null=True)
    attended = models.ManyToManyField(Person, related_name="training_sessions", verbose_name=_("attended"))
    material = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("material")
    )
    record = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("attendance and test")
    )
    struck_on = models.DateField(_("taken out on"), null=True)

    class Meta:
        verbose_name = _("planned training")
        verbose_name_plural = _("planned trainings")
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(material__isnull=False, record__isnull=False),
                name="training_held_is_recorded",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"training-session:{self.pk}"
