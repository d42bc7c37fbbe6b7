"""Forms of plans, money, inspections, findings and evaluations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.governance import load_governance
from shoumi.server.assurance.forms.fields import DayField, EntityForm, FileField, PersonField
from shoumi.server.assurance.forms.fields import lines_field as lines
from shoumi.server.assurance.models import LANGUAGES, Finding, Inspection, Money
from shoumi.server.people.models import Department


class PlanForm(EntityForm):
    """A yearly plan to be drafted."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    goals = lines(_("Goals"), rows=5)


class TaskForm(EntityForm):
    """A task of a plan."""

    title = forms.CharField(label=_("Task"), max_length=200)
    duty = forms.ChoiceField(label=_("Duty"), required=False)
    owner = PersonField(label=_("In charge"))
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), required=False, empty_label=_("No department")
    )
    due_on = DayField(label=_("Due on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the duties of the pack."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        duties = load_governance(self.entity.pack).duties
        self.fields["duty"].choices = [("", _("No duty"))] + [
            (duty.id, duty.names.in_language(language)) for duty in duties
        ]


class ProgressForm(EntityForm):
    """How far a task has come."""

    progress = forms.IntegerField(label=_("Progress in percent"), min_value=0, max_value=100)
    note = lines(_("What was done"), required=False)
    proof = FileField(label=_("Proof"), required=False)
    drop = forms.BooleanField(label=_("This task is dropped"), required=False)


class BudgetForm(EntityForm):
    """A line of the budget; 0 as version for a new one."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)


class ExpenseForm(EntityForm):
    """Money that was spent."""

    spent_on = DayField(label=_("Spent on"))
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Money.choices)
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    text = forms.CharField(label=_("For what"), max_length=200)
    receipt = FileField(label=_("Receipt"))


class InspectionForm(EntityForm):
    """An inspection to be planned."""

    title = forms.CharField(label=_("Title"), max_length=200)
    reason = forms.ChoiceField(label=_("Kind"), choices=Inspection.Reason.choices)
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(), label=_("Departments"), widget=forms.SelectMultiple(attrs={"size": 6})
    )
    lead = PersonField(label=_("Led by"))
    beside = PersonField(
        label=_("Together with"),
        required=False,
        help_text=_("Needed for the conduct of duties: somebody of another department."),
    )
    planned_on = DayField(label=_("Planned on"))


class CarriedOutForm(EntityForm):
    """The result of an inspection."""

    carried_out_on = DayField(label=_("Carried out on"))
    summary = lines(_("Result"), rows=5)
    report = FileField(label=_("Report"), required=False)


class FindingForm(EntityForm):
    """Something that is not in order."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    text = lines(_("Finding"))
    weight = forms.ChoiceField(label=_("Weight"), choices=Finding.Weight.choices)
    owner = PersonField(label=_("Put right by"))
    due_on = DayField(label=_("Due on"))

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        """Offer the departments that were inspected."""
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = inspection.departments.order_by("code")


class RectifyForm(EntityForm):
    """What was done about a finding."""

    action = lines(_("What was done"))
    proof = FileField(label=_("Proof"))


class VerdictForm(EntityForm):
    """Whether a finding was put right, as another person sees it."""

    accepted = forms.ChoiceField(
        label=_("Verification"), choices=(("yes", _("It is put right")), ("no", _("It is not put right")))
    )
    verdict = lines(_("What was looked at, and the result"))


class EvaluationForm(EntityForm):
    """The yearly evaluation."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    language = forms.ChoiceField(label=_("Language of the report"), choices=LANGUAGES)
    judgement = lines(_("Judgement"), rows=5)
    improvements = lines(_("Improvements for the next year"), rows=5)
