"""Step 4: the factors of the level, the question about national security once more, and the level chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import Factor, Pack
from shoumi.server.register.forms.choices import levels, said
from shoumi.server.register.forms.identity import YES_NO
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.values import FactorValue, Grading


class FactorForm(forms.Form):
    """One factor: a grade from 0 to 4 as the pack describes them, and the reason."""

    grade = forms.TypedChoiceField(
        label=_("Grade"), coerce=int, empty_value=None, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )

    def __init__(self, *args: Any, factor: Factor, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"factor_{factor.id}", **kwargs)
        self.factor = factor
        self.heading = said(factor.names)  # not `title`: that is a field
        self.fields["grade"].choices = [
            (str(at), f"{at} · {said(text)}") for at, text in enumerate(factor.grades)
        ]
        if not factor.required:
            self.fields["title"] = forms.CharField(
                label=_("Which factor"),
                max_length=120,
                required=False,
                help_text=_("Leave empty if there is none."),
            )
            self.order_fields(["title", "grade", "reason"])

    def value(self) -> FactorValue:
        """Return the grade with its reason."""
        data = self.cleaned_data
        return FactorValue(self.factor.id, data["grade"], data["reason"].strip(), data.get("title", ""))


class LevelForm(forms.Form):
    """The level a person decides on, and why if the factors speak for another."""

    national_security = forms.ChoiceField(label="", choices=YES_NO, widget=forms.RadioSelect, initial="no")
    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect, required=False)
    level_reason = forms.CharField(
        label=_("Why another level than suggested"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels(pack)
        self.fields["national_security"].label = said(pack.state_secret.question)


def factor_forms(secret: TradeSecret, pack: Pack, data: Any = None) -> list[FactorForm]:
    """Return one form per factor of the pack, filled from `data` if it is given."""
    rows = {row.factor: row for row in secret.factors.all()}
    return [
        FactorForm(
            data,
            factor=factor,
            initial={
                "grade": "" if row.score is None else str(row.score),
                "reason": row.reason,
                "title": row.title,
            }
            if row
            else {},
        )
        for factor in pack.factors
        for row in [rows.get(factor.id)]
    ]


def grading_of(level: LevelForm, factors: list[FactorForm]) -> Grading:
    """Return the values of step 4 from valid forms."""
    data = level.cleaned_data
    return Grading(tuple(form.value() for form in factors), data["level"], data["level_reason"].strip())
