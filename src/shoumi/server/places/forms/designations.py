"""Forms of key departments and key places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import PlaceRules
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import Department
from shoumi.server.places.models import Designation, Zone
from shoumi.server.places.queries.standards import said
from shoumi.server.places.services.designations import Measure, PlaceFacts


class DepartmentChoiceForm(forms.Form):
    """Which department becomes a key department, and why."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    reason = forms.CharField(label=_("Reason"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        """Offer `departments`, a queryset."""
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments


class PlaceChoiceForm(forms.Form):
    """Which secret zone becomes a key place, and why."""

    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Secret zone"))
    reason = forms.CharField(label=_("Reason"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, zones: Any, **kwargs: Any) -> None:
        """Offer `zones`, a queryset."""
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones


class PlaceFactsForm(VersionForm):
    """How a key place meets the conditions, its measures by defence, and its secrecy rule.

    Measures are written one per line, an equipment number after a bar: `door lock | D-17`.
    """

    def __init__(
        self,
        *args: Any,
        rules: PlaceRules,
        designation: Designation | None = None,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask what `rules` ask; show `designation`, or begin a new one from `initial` (reason and rule)."""
        initial = {"expected_version": 1, **(initial or {})}
        if designation is not None:
            initial = {"expected_version": designation.version, "rule": designation.rule}
            initial |= {f"condition_{key}": text for key, text in designation.conditions.items()}
            for row in designation.measures.all():
                line = f"{row.description} | {row.number}" if row.number else row.description
                initial[f"measures_{row.defence}"] = "\n".join(
                    part for part in (initial.get(f"measures_{row.defence}"), line) if part
                )
        super().__init__(*args, initial=initial, **kwargs)
        self.rules = rules
        if designation is None:
            self.fields["reason"] = forms.CharField(max_length=600, widget=forms.HiddenInput)
        for condition in rules.key_conditions:
            self.fields[f"condition_{condition.id}"] = forms.CharField(
                label=said(condition.names), max_length=300, required=False
            )
        for defence in rules.defences:
            self.fields[f"measures_{defence.id}"] = forms.CharField(
                label=said(defence.names),
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("One measure or piece of equipment per line; its number after a bar: | D-17"),
            )
        self.fields["rule"] = forms.CharField(
            label=_("Secrecy rule"),
            max_length=20_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 12}),
        )

    @property
    def condition_fields(self) -> list[Any]:
        """The fields of the conditions."""
        return [self[name] for name in self.fields if name.startswith("condition_")]

    @property
    def measure_fields(self) -> list[Any]:
        """The fields of the measures."""
        return [self[name] for name in self.fields if name.startswith("measures_")]

    @property
    def facts(self) -> PlaceFacts:
        """What was written."""
        values = self.cleaned_data
        return PlaceFacts(
            conditions={item.id: values[f"condition_{item.id}"] for item in self.rules.key_conditions},
            measures=[
                _measure(defence.id, line)
                for defence in self.rules.defences
                for line in values[f"measures_{defence.id}"].splitlines()
                if line.strip()
            ],
            rule=values["rule"],
        )


def _measure(defence: str, line: str) -> Measure:
    description, _bar, number = line.partition("|")
    return Measure(defence, description.strip(), number.strip())
