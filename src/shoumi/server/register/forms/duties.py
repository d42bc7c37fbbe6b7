"""Proposing a designation: whom, how risky, which level, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.duties import DutyTable
from shoumi.server.files.stepping import RowsForm
from shoumi.server.people.models import LEVELS
from shoumi.server.register.forms.choices import said
from shoumi.server.register.models import Duty


class TargetForm(forms.Form):
    """What is to be designated."""

    kind = forms.ChoiceField(label=_("What is designated"), choices=Duty.Kind.choices)
    department = forms.ChoiceField(label=_("Department"), required=False)
    post = forms.ChoiceField(label=_("Post"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, pairs in choices.items():
            self.fields[name].choices = [("", "–"), *pairs]

    def clean(self) -> dict[str, Any]:
        """Ask for the one that the kind names."""
        data = super().clean() or {}
        kind = data.get("kind", "")
        if kind and not data.get(kind):
            self.add_error(kind, _("Choose one."))
        return data


class RiskForm(forms.Form):
    """One factor: a grade and its reason."""

    grade = forms.TypedChoiceField(widget=forms.RadioSelect, coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=1000)

    def __init__(self, *args: Any, factor: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=factor.id, **kwargs)
        self.factor_id = factor.id
        self.fields["grade"].label = said(factor.names)
        self.fields["grade"].choices = [(at, f"{at} · {said(text)}") for at, text in enumerate(factor.grades)]


class RisksForm(RowsForm):
    """All factors of the risk."""

    def __init__(self, data: Any = None, files: Any = None, *, table: DutyTable, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.rows = [RiskForm(data, factor=factor) for factor in table.factors]

    def clean(self) -> dict[str, Any]:
        """Gather grades and reasons by factor."""
        super().clean()
        return {"grades": {row.factor_id: row.cleaned_data for row in self.rows if row.is_valid()}}


class DutyForm(forms.Form):
    """The level that a person decides, and why."""

    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, widget=forms.RadioSelect, coerce=int)
    reason = forms.CharField(
        label=_("Why this level is right"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, table: DutyTable, **kwargs: Any) -> None:
        del table
        super().__init__(*args, **kwargs)
