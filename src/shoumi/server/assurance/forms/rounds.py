"""Forms of evaluations of systems, of the points of an inspection, and of changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.forms.fields import DayField, EntityForm, PersonField
from shoumi.server.assurance.forms.fields import lines_field as lines
from shoumi.server.assurance.forms.work import RectifyForm
from shoumi.server.assurance.models import Change, Finding, InspectedSystem, Inspection, InspectionPoint
from shoumi.server.assurance.queries.rounds import change_of, rules_changed_since
from shoumi.server.people.models import Department
from shoumi.server.register.models import StorageUnit


class SystemsForm(EntityForm):
    """An evaluation of the security of systems to be planned."""

    title = forms.CharField(label=_("Title"), max_length=200)
    units = forms.ModelMultipleChoiceField(
        StorageUnit.objects.none(),
        label=_("Systems of the register"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    further = lines(
        _("Further systems"),
        required=False,
        help_text=_("One a line, such as mail, messengers and cloud services."),
    )
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Departments that run them"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    lead = PersonField(label=_("Led by"))
    beside = PersonField(label=_("Together with"), required=False)
    planned_on = DayField(label=_("Planned on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units of the legal entity that are not scrapped."""
        super().__init__(*args, **kwargs)
        units = StorageUnit.objects.filter(department__entity=self.entity).select_related("department")
        self.fields["units"].queryset = units.exclude(status=StorageUnit.Status.SCRAPPED).order_by("code")

    def clean_further(self) -> list[str]:
        """Return one name for each line that is not blank."""
        return [line.strip() for line in self.cleaned_data["further"].splitlines() if line.strip()]


class PointForm(EntityForm):
    """What was seen at one point."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[pair for pair in InspectionPoint.Result.choices if pair[0]],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was seen"),
        max_length=400,
        required=False,
        help_text=_("Needed where something is not in order."),
    )


class SystemFindingForm(EntityForm):
    """A weakness of a system, and the change it leads to."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    system = forms.ModelChoiceField(
        InspectedSystem.objects.none(), label=_("System"), required=False, empty_label=_("All in the scope")
    )
    text = lines(_("Finding"))
    severity = forms.ChoiceField(
        label=pgettext_lazy("of a weakness", "Severity"), choices=Change.Severity.choices
    )
    kind = forms.ChoiceField(label=_("What is changed"), choices=Change.Kind.choices)
    change = lines(_("The change"))
    owner = PersonField(label=_("Put right by"))
    due_on = DayField(label=_("Due on"))

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        """Offer the departments and systems of the evaluation."""
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = inspection.departments.order_by("code")
        self.fields["system"].queryset = inspection.systems.all()


class ChangedForm(RectifyForm):
    """What was done about a finding, with the rule that was changed where one was to be."""

    rule = forms.ModelChoiceField(
        None, label=_("Rule as changed"), help_text=_("The version that came into force since.")
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        """Offer the rules that came into force since; drop the field where none was to be changed."""
        super().__init__(*args, **kwargs)
        change = change_of(finding)
        if change is not None and change.kind == Change.Kind.RULE:
            self.fields["rule"].queryset = rules_changed_since(finding)
        else:
            del self.fields["rule"]
