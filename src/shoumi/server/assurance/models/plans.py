"""The yearly plan with its tasks, and the money: what was meant to be spent and what was.

Follows the guide 一(四) (yearly plan) and 二(一) (money and means secured); spending also shows a court what
the company did for its secrets.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.models.records import Record
from shoumi.server.people.models import Department, LegalEntity, Person


class YearPlan(Record):
    """What a legal entity means to do for its secrets in one year."""

    class State(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft", pgettext_lazy("plan", "Draft")
        ADOPTED = "adopted", pgettext_lazy("plan", "Adopted")

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="year_plans")
    year = models.PositiveSmallIntegerField(_("year"))
    goals = models.TextField(_("goals"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(_("adopted"), null=True)

    class Meta:
        verbose_name = _("yearly plan")
        verbose_name_plural = _("yearly plans")
        ordering = ["-year", "entity"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "year"], name="assurance_one_plan_a_year"),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True) | ~Q(adopted_by=models.F("made_by")),
                name="assurance_plan_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.year}"

    def get_absolute_url(self) -> str:
        """Return the address of the plan."""
        return reverse("assurance:plan_detail", args=[self.pk])


class PlanTask(Record):
    """One task of a yearly plan: whose it is, by when, how far it has come."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", pgettext_lazy("plan task", "Open")
        DONE = "done", pgettext_lazy("plan task", "Done")
        DROPPED = "dropped", pgettext_lazy("plan task", "Dropped")

    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="tasks")
    title = models.CharField(_("task"), max_length=200)
    duty = models.CharField(_("duty"), max_length=12, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("in charge"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    due_on = models.DateField(_("due on"))
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    note = models.TextField(_("what was done"), blank=True)
    proof = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("proof")
    )
    done_on = models.DateField(_("done on"), null=True)

    class Meta:
        verbose_name = _("task of a plan")
        verbose_name_plural = _("tasks of plans")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(progress__lte=100), name="assurance_task_progress")]

    def __str__(self) -> str:
        return self.title


class Money(models.TextChoices):
    """What money is spent on."""

    STAFF = "staff", pgettext_lazy("money", "Staff")
    TRAINING = "training", pgettext_lazy("money", "Training")
    SYSTEMS = "systems", pgettext_lazy("money", "Systems and software")
    PREMISES = "premises", pgettext_lazy("money", "Premises and locks")
    COUNSEL = "counsel", pgettext_lazy("money", "Counsel and expert opinions")
    OTHER = "other", pgettext_lazy("money", "Other")


class BudgetLine(Record):
    """How much a legal entity means to spend in one year on one thing, in its own currency."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Money)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("line of the budget")
        verbose_name_plural = _("budget")
        ordering = ["-year", "entity", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "year", "purpose"], name="assurance_budget_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="assurance_budget_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_purpose_display()}"


class Expense(Record):
    """Money that was spent, with its receipt."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    spent_on = models.DateField(_("spent on"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Money)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    text = models.CharField(_("for what"), max_length=200)
    receipt = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("receipt")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(_("struck out"), null=True)
    struck_reason = models.CharField(_("reason of striking out"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["-spent_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="assurance_expense_positive")]

    def __str__(self) -> str:
        return self.text
