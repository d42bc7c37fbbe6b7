"""Asking for a change, for a declassification, or recording a publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import Pack
from shoumi.server.files.stepping import RowsForm
from shoumi.server.register.forms.choices import levels, persons, said
from shoumi.server.register.forms.grading import factor_forms
from shoumi.server.register.forms.limits import PeriodForm, ScopeForm
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.values import Grading

EVENT = "DEC-03"
BY_APPROVAL = "approval"


class ReasonForm(forms.Form):
    """Why it shall be changed, and who keeps it from now on."""

    reason = forms.CharField(
        label=_("Why it shall be changed"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    custodian = forms.ChoiceField(label=_("Custodian"), required=False)

    def __init__(self, *args: Any, secret: TradeSecret, pack: Pack, **kwargs: Any) -> None:
        del pack
        super().__init__(*args, **kwargs)
        self.fields["custodian"].choices = persons(secret.entity_id)


class RegradingForm(RowsForm):
    """The level, and the factors that speak for it."""

    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    level_reason = forms.CharField(
        label=_("Why another level than suggested"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    def __init__(self, data: Any = None, *args: Any, secret: TradeSecret, pack: Pack, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.secret = secret
        self.fields["level"].choices = levels(pack)
        self.rows = factor_forms(secret, pack, data)

    def clean(self) -> dict[str, Any]:
        """Build the grading; it stays away where neither the level nor a factor was touched."""
        data = super().clean() or {}
        if "level" in data and self.rows_stand():
            touched = data["level"] != self.secret.level or any(row.has_changed() for row in self.rows)
            factors = tuple(row.value() for row in self.rows)
            reason = data.get("level_reason", "").strip()
            data["grading"] = Grading(factors, data["level"], reason) if touched else None
        return data


class NewPeriodForm(PeriodForm):
    """How long it is to be kept from now on."""

    def __init__(self, *args: Any, secret: TradeSecret, **kwargs: Any) -> None:
        del secret
        super().__init__(*args, **kwargs)


class NewScopeForm(ScopeForm):
    """Who may know from now on."""

    def __init__(self, *args: Any, secret: TradeSecret, pack: Pack, **kwargs: Any) -> None:
        del pack
        super().__init__(*args, entity_id=secret.entity_id, **kwargs)


class SendForm(forms.Form):
    """Nothing more to enter: what would change is looked at once more and sent."""

    def __init__(self, *args: Any, secret: TradeSecret, pack: Pack, **kwargs: Any) -> None:
        del secret, pack
        super().__init__(*args, **kwargs)


class DeclassifyForm(forms.Form):
    """The reason of the pack, the reason in words, the incident, and the measures that are to follow."""

    ground = forms.ChoiceField(label=_("Reason of declassification"), widget=forms.RadioSelect)
    incident = forms.CharField(
        label=_("Incident"),
        max_length=80,
        required=False,
        help_text=_("Number of the incident by which it became public; needed for that reason."),
    )
    reason = forms.CharField(
        label=_("What speaks for it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    measures = forms.MultipleChoiceField(
        label=_("Measures to follow"), widget=forms.CheckboxSelectMultiple, required=False
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [
            (reason.id, said(reason.names)) for reason in pack.reasons if reason.decided_by == BY_APPROVAL
        ]
        self.fields["measures"].choices = [(measure.id, said(measure.names)) for measure in pack.measures]

    def clean(self) -> dict[str, Any]:
        """Ask for the incident where the reason is an event."""
        data = super().clean() or {}
        if data.get("ground") == EVENT and not (data.get("incident") or "").strip():
            self.add_error("incident", _("Name the incident."))
        return data


class PublicationForm(forms.Form):
    """On which day and where it was, or will be, published."""

    published_on = forms.DateField(
        label=_("Day of publication"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    proof = forms.CharField(
        label=_("Where it was published"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("For example the gazette with its number, the address of the page, the fair."),
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)
