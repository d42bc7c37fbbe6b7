"""Courses with their versions, the sections of each version, and the bank of questions of a legal entity.

The parts that are taught follow the guide 五(五)2(1); pass mark, tries and validity are proposals of the
pack.  A published version is fixed with the questions that its tests draw from; a change is a new version.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import LegalEntity
from shoumi.server.training.models.records import Record

LANGUAGES = (("zh", pgettext_lazy("language", "Chinese")), ("ja", pgettext_lazy("language", "Japanese")))


class Course(Record):
    """A course of a legal entity in one language, whatever its version."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="courses")
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    retired_on = models.DateField(_("retired on"), null=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["entity", "title"]
        constraints = [models.UniqueConstraint(fields=["entity", "title"], name="training_course_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the course."""
        return reverse("training:course_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"course:{self.pk}"

    @property
    def language_tag(self) -> str:
        """The language as pages name it."""
        return {"zh": "zh-Hans", "ja": "ja"}[self.language]


class CourseVersion(Record):
    """One version of a course: what is shown, what is asked, and by what measure somebody passes."""

    class State(models.TextChoices):
        """How far a version has come."""

        DRAFT = "draft", pgettext_lazy("course", "Draft")
        PUBLISHED = "published", pgettext_lazy("course", "Published")
        REPLACED = "replaced", pgettext_lazy("course", "Replaced")

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    ordinal = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    parts = models.JSONField(_("parts"), default=list)  # ids of the pack
    draw = models.PositiveSmallIntegerField(_("questions in a test"))
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in percent"))
    tries = models.PositiveSmallIntegerField(pgettext_lazy("test", "tries"))
    valid_months = models.PositiveSmallIntegerField(_("months for which a certificate holds"))
    changes = models.CharField(_("what changed"), max_length=400, blank=True)
    bank = models.JSONField(default=list)  # the questions as they were when it was published
    sha256 = models.CharField(_("SHA-256 of the version"), max_length=64, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        verbose_name = _("version of a course")
        verbose_name_plural = _("versions of courses")
        ordering = ["course", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["course", "ordinal"], name="training_version_once"),
            models.UniqueConstraint(fields=["course"], condition=Q(state="draft"), name="training_one_draft"),
            models.UniqueConstraint(
                fields=["course"], condition=Q(state="published"), name="training_one_published"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(sha256="") & Q(published_at__isnull=False)),
                name="training_published_is_fixed",
            ),
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1, pass_percent__lte=100, draw__gte=1, tries__gte=1),
                name="training_measure_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} v{self.ordinal}"

    def get_absolute_url(self) -> str:
        """Return the address of this version."""
        return reverse("training:version_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"course-version:{self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == self.State.DRAFT


class Section(models.Model):
    """One section of a version: a text, a PDF or a video, with the hash of what it shows."""

    class Kind(models.TextChoices):
        """In which form it is taught."""

        TEXT = "text", pgettext_lazy("section", "Text")
        PDF = "pdf", pgettext_lazy("section", "PDF")
        VIDEO = "video", pgettext_lazy("section", "Video")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="sections")
    ordinal = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="training_sections")
    length_ms = models.PositiveIntegerField(_("length in milliseconds"), default=0)  # of a video
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("section of a course")
        verbose_name_plural = _("sections of courses")
        ordering = ["version", "ordinal", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="text", file__isnull=True)
                | Q(kind="pdf", file__isnull=False)
                | Q(kind="video", file__isnull=False, length_ms__gt=0),
                name="training_section_has_content",
            )
        ]

    def __str__(self) -> str:
        return self.title


class BankQuestion(Record):
    """One question of a legal entity: brought in from the pack, or the company's own."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="training_questions")
    code = models.CharField(_("number"), max_length=40)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    part = models.CharField(_("part"), max_length=40)  # an id of the pack
    leak = models.CharField(_("type of leak"), max_length=40, blank=True)  # an id of the pack
    text = models.CharField(pgettext_lazy("training", "question"), max_length=600)
    options = models.JSONField(_("options"))
    right = models.JSONField(_("right options"))  # counted from 0
    explanation = models.CharField(_("explanation"), max_length=1000)
    source = models.CharField(pgettext_lazy("question", "source"), max_length=300)
    rule = models.CharField(_("rule"), max_length=40, blank=True)  # an id of the pack
    from_pack = models.BooleanField(_("from the pack"), default=False)
    ended_on = models.DateField(_("ended on"), null=True)

    class Meta:
        verbose_name = pgettext_lazy("training", "question")
        verbose_name_plural = _("questions")
        ordering = ["entity", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "code"], condition=Q(ended_on__isnull=True), name="training_question_once"
            )
        ]

    def __str__(self) -> str:
        return self.text
