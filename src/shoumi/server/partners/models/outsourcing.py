"""Outsourcing: the assessment before it, the self-check on dispatch, and the register of personal data.

Follows the Japanese page: outsourcing saves costs and control may slip.  Questions and items are the pack's;
an answer keeps the id of its question, so that an older assessment can still be read.
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


class Assessment(models.Model):
    """One risk assessment of what is to be outsourced to a partner, decided by a second person."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", pgettext_lazy("assessment", "Being answered")
        SUBMITTED = "submitted", pgettext_lazy("assessment", "Waits for the decision")
        AGREED = "agreed", pgettext_lazy("assessment", "Agreed to")
        REFUSED = "refused", pgettext_lazy("assessment", "Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="assessments")
    scope = models.CharField(_("what is to be outsourced"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    score = models.PositiveSmallIntegerField(_("score of 100"), default=0)
    assessed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("assessed by"))
    begun_at = models.DateTimeField(_("begun"))
    decided_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.CharField(_("reason of the decision"), max_length=400, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("risk assessment of an outsourcing")
        verbose_name_plural = _("risk assessments of outsourcings")
        ordering = ["-begun_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted"))
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="partners_assessment_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("assessed_by")),
                name="partners_assessment_by_a_second",
            ),
        ]

    def __str__(self) -> str:
        return self.scope

    def get_absolute_url(self) -> str:
        """Return the address of the assessment's page."""
        return reverse("partners:assessment_detail", args=[self.pk])


class AssessmentAnswer(models.Model):
    """The answer to one question of the pack, with its paper."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=24)
    grade = models.CharField(_("answer"), max_length=8)
    note = models.CharField(_("note"), max_length=400, blank=True)
    proof = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("proof")
    )

    class Meta:
        verbose_name = _("answer of an assessment")
        verbose_name_plural = _("answers of assessments")
        ordering = ["assessment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="partners_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.grade}"


class SelfCheck(models.Model):
    """One self-check on the line between contracting and dispatch; it is never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="self_checks")
    answers = models.JSONField(_("answers"))  # id of the item → grade
    failing = models.JSONField(_("items that do not hold"))  # ids
    note = models.CharField(_("note"), max_length=600, blank=True)
    checked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("self-check on dispatch")
        verbose_name_plural = _("self-checks on dispatch")
        ordering = ["-checked_at"]

    def __str__(self) -> str:
        return f"{self.partner} {self.checked_at:%Y-%m-%d}"


class Outsourcing(models.Model):
    """One line of the register: which personal data a partner handles for the company, and since when."""

    class Number(models.TextChoices):
        """How many persons."""

        HUNDREDS = "hundreds", pgettext_lazy("number of persons", "Up to 1,000")
        THOUSANDS = "thousands", pgettext_lazy("number of persons", "Up to 100,000")
        MORE = "more", pgettext_lazy("number of persons", "More")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="outsourcings")
    purpose = models.CharField(_("what it is done for"), max_length=300)
    kinds = models.CharField(_("kinds of personal data"), max_length=300)
    number = models.CharField(_("number of persons"), max_length=10, choices=Number)
    where = models.CharField(_("where the data lie"), max_length=200)
    chain = models.CharField(_("further contractors, and who agreed to them"), max_length=300, blank=True)
    starts_on = models.DateField(_("from"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    returned = models.CharField(_("proof of return or deletion"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("outsourcing of personal data")
        verbose_name_plural = _("outsourcings of personal data")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(returned=""), name="partners_outsourcing_data_back"
            )
        ]

    def __str__(self) -> str:
        return self.purpose
