"""Inspections with their findings, from the plan to the verified closure, and the yearly evaluation.

Follows the guide 二(二)5 (inspect how departments follow the rules), 二(二)9 and 二(一) (evaluate, improve),
and 五(五)2(2): how staff follow the rules in their duties is inspected together with another department, and
the record is filed under a number.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.models.records import Record
from shoumi.server.people.models import Department, LegalEntity, Person


class Inspection(Record):
    """A look at how departments follow the rules: planned, carried out, closed."""

    class State(models.TextChoices):
        """The states of `engine.workflow.INSPECTION`, a test compares them."""

        PLANNED = "planned", pgettext_lazy("inspection", "Planned")
        CARRIED_OUT = "carried_out", pgettext_lazy("inspection", "Carried out")
        CLOSED = "closed", pgettext_lazy("inspection", "Closed")
        CALLED_OFF = "called_off", pgettext_lazy("inspection", "Called off")

    class Reason(models.TextChoices):
        """Why it is done."""

        REGULAR = "regular", pgettext_lazy("inspection reason", "Regular inspection")
        SPECIAL = "special", pgettext_lazy("inspection reason", "Special inspection")
        CONDUCT = "conduct", pgettext_lazy("inspection reason", "Conduct of duties")
        SYSTEMS = "systems", pgettext_lazy("inspection reason", "Security of systems")

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="inspections")
    number = models.CharField(_("number"), max_length=40, blank=True)  # drawn when it is planned
    title = models.CharField(_("title"), max_length=200)
    reason = models.CharField(_("kind"), max_length=8, choices=Reason, default=Reason.REGULAR)
    departments = models.ManyToManyField(
        Department, related_name="inspections", verbose_name=_("departments")
    )
    lead = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("led by"))
    beside = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("together with")
    )  # of another department
    planned_on = models.DateField(_("planned on"))
    carried_out_on = models.DateField(_("carried out on"), null=True)
    summary = models.TextField(_("result"), blank=True)
    report = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("report")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-planned_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="assurance_inspection_number"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the inspection."""
        return reverse("assurance:inspection_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"inspection:{self.pk}"


class Finding(Record):
    """Something that was not in order, until another person has verified that it is."""

    class State(models.TextChoices):
        """The states of `engine.workflow.FINDING`, a test compares them."""

        OPEN = "open", pgettext_lazy("finding", "To be put right")
        RECTIFIED = "rectified", pgettext_lazy("finding", "Put right, to be verified")
        RETURNED = "returned", pgettext_lazy("finding", "Not accepted")
        VERIFIED = "verified", pgettext_lazy("finding", "Verified")

    class Weight(models.TextChoices):
        """How much it matters."""

        MINOR = "minor", pgettext_lazy("finding weight", "Minor")
        MAJOR = "major", pgettext_lazy("finding weight", "Major")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("number"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="findings", verbose_name=_("department")
    )
    text = models.TextField(_("finding"))
    weight = models.CharField(_("weight"), max_length=6, choices=Weight, default=Weight.MINOR)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("put right by"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    action = models.TextField(_("what was done"), blank=True)
    proof = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("proof")
    )
    rectified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rectified_at = models.DateTimeField(_("put right"), null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(_("verified"), null=True)
    verdict = models.TextField(_("words of the verification"), blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["due_on", "inspection", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="assurance_finding_number"),
            models.CheckConstraint(
                condition=~Q(state="verified") | ~Q(verified_by=F("rectified_by")),
                name="assurance_finding_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(proof__isnull=False), name="assurance_finding_proof"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Return the address of the finding on its inspection's page."""
        return f"{self.inspection.get_absolute_url()}#finding-{self.pk}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"finding:{self.pk}"


class Evaluation(Record):
    """The yearly evaluation of rules and system, with the figures as they were on that day."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="evaluations")
    year = models.PositiveSmallIntegerField(_("year"))
    figures = models.JSONField(_("figures"))
    judgement = models.TextField(_("judgement"))
    improvements = models.TextField(_("improvements for the next year"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    report = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("report"))

    class Meta:
        verbose_name = _("yearly evaluation")
        verbose_name_plural = _("yearly evaluations")
        ordering = ["-year", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "year"], name="assurance_one_evaluation_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.year}"
