"""What a person saw of a version, the tests they sat, and the certificate they got.

A round is one passage through a version: when all its tries are used up, or the certificate is over, the next
round begins with everything unseen.  A sitting keeps the seed of its draw, so that anybody can draw it again.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import Person
from shoumi.server.training.models.courses import CourseVersion, Section


class Learning(models.Model):
    """One round of one person through one version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="learnings")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="learnings")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    begun_at = models.DateTimeField(_("begun"))

    class Meta:
        verbose_name = _("round of learning")
        verbose_name_plural = _("rounds of learning")
        ordering = ["person", "version", "round"]
        constraints = [
            models.UniqueConstraint(fields=["person", "version", "round"], name="training_round_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.version} {self.round}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"learning:{self.pk}"


class SectionSeen(models.Model):
    """How far a person has come in one section, with the hash of what was shown."""

    learning = models.ForeignKey(Learning, models.PROTECT, related_name="seen")
    section = models.ForeignKey(Section, models.PROTECT, related_name="seen")
    sha256 = models.CharField(_("SHA-256 of what was shown"), max_length=64)
    opened_at = models.DateTimeField(_("opened"))
    reported_at = models.DateTimeField(_("last report"))  # of a video: credit begins here
    stretches = models.JSONField(default=list)  # of a video: pairs of milliseconds
    seen_at = models.DateTimeField(_("seen"), null=True)

    class Meta:
        verbose_name = _("section that was seen")
        verbose_name_plural = _("sections that were seen")
        ordering = ["learning", "id"]
        constraints = [models.UniqueConstraint(fields=["learning", "section"], name="training_seen_once")]

    def __str__(self) -> str:
        return str(self.section_id)


class Sitting(models.Model):
    """One try at the test of a version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learning = models.ForeignKey(Learning, models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField(_("try"))
    seed = models.CharField(max_length=64)
    questions = models.JSONField(default=list)  # ids, in the order in which they were asked
    answers = models.JSONField(default=dict)  # id → chosen options, counted from 0
    percent = models.PositiveSmallIntegerField(_("right answers in percent"), null=True)
    passed = models.BooleanField(_("passed"), null=True)
    begun_at = models.DateTimeField(_("begun"))
    handed_in_at = models.DateTimeField(pgettext_lazy("test", "handed in"), null=True)

    class Meta:
        verbose_name = _("test")
        verbose_name_plural = _("tests")
        ordering = ["learning", "number"]
        constraints = [
            models.UniqueConstraint(fields=["learning", "number"], name="training_try_once"),
            models.UniqueConstraint(
                fields=["learning"], condition=Q(handed_in_at__isnull=True), name="training_one_open_test"
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True, passed__isnull=True, percent__isnull=True)
                | Q(handed_in_at__isnull=False, passed__isnull=False, percent__isnull=False),
                name="training_test_is_graded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learning} {self.number}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"sitting:{self.pk}"


class Certificate(models.Model):
    """That a person passed, with the hash of everything they saw and answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="training_certificates")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="certificates")
    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="certificate")
    passed_on = models.DateField(pgettext_lazy("certificate", "passed on"))
    valid_until = models.DateField(_("holds until"))  # the last day
    percent = models.PositiveSmallIntegerField(_("right answers in percent"))
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    issued_at = models.DateTimeField(_("issued"))
    ended_on = models.DateField(_("ended by a new version on"), null=True)

    class Meta:
        verbose_name = _("training certificate")
        verbose_name_plural = _("training certificates")
        ordering = ["-issued_at", "id"]
        indexes = [models.Index(fields=["person", "version"], name="training_certificate_of")]

    def __str__(self) -> str:
        return f"{self.person} {self.version}"

    def get_absolute_url(self) -> str:
        """Return the address of the certificate."""
        return reverse("training:certificate_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"training-certificate:{self.pk}"
