"""Step 5: the confidentiality period in years, months and days or open-ended, and who may know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import Pack, Period, PeriodKind, parse_period
from shoumi.server.register.forms.choices import said
from shoumi.server.register.models import ScopeEntry, TradeSecret
from shoumi.server.register.queries.choosing import departments_of, persons_of, posts_of
from shoumi.server.register.queries.standards import ALL_STAFF
from shoumi.server.register.values import Limits, ScopeValue

KINDS = ("departments", "posts", "persons")


class PeriodForm(forms.Form):
    """How long it is kept secret."""

    kind = forms.ChoiceField(label=_("How it ends"), widget=forms.RadioSelect, required=False)
    years = forms.IntegerField(label=_("Years"), min_value=0, max_value=999, required=False)
    months = forms.IntegerField(label=_("Months"), min_value=0, max_value=999, required=False)
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=9999, required=False)
    until = forms.DateField(
        label=_("Last secret day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    publication_event = forms.CharField(label=_("Publication awaited"), max_length=300, required=False)
    period_reason = forms.CharField(
        label=_("Why another period than the default"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.id, said(kind.names)) for kind in pack.periods.kinds]

    def clean(self) -> dict[str, Any]:
        """Build the period's code; an incomplete period stays empty and is listed among the faults."""
        data = super().clean() or {}
        data["period"] = _code(data)
        return data


class ScopeForm(forms.Form):
    """Who may know."""

    departments = forms.MultipleChoiceField(
        label=_("Departments"), widget=forms.CheckboxSelectMultiple, required=False
    )
    posts = forms.MultipleChoiceField(label=_("Posts"), widget=forms.CheckboxSelectMultiple, required=False)
    persons = forms.MultipleChoiceField(
        label=_("Persons"), widget=forms.CheckboxSelectMultiple, required=False
    )
    all_staff = forms.BooleanField(label=_("All staff of the legal entity"), required=False)
    scope_reason = forms.CharField(
        label=_("Why a wider scope than the template"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, entity_id: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "departments": [(str(row.pk), str(row)) for row in departments_of(entity_id)],
            "posts": [(str(row.pk), f"{row.title} · {row.department}") for row in posts_of(entity_id)],
            "persons": [(str(row.pk), str(row)) for row in persons_of(entity_id)],
        }
        for kind, choices in rows.items():
            chosen = set(self.initial.get(kind) or ())  # what holds stands first
            first = [pair for pair in choices if pair[0] in chosen]
            self.fields[kind].choices = [*first, *(pair for pair in choices if pair[0] not in chosen)]


class LimitsForm(ScopeForm, PeriodForm):
    """Period and knowledge scope on one page."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, secret: TradeSecret, default: Period | None) -> dict[str, Any]:
        """Return what the form shows: what was chosen, or the default of the level."""
        return {**limits_initial(secret, default), "expected_version": secret.version}

    def limits(self) -> Limits:
        """Return the values of step 5."""
        return limits_of(self.cleaned_data)


def limits_initial(secret: TradeSecret, default: Period | None) -> dict[str, Any]:
    """Return the period and scope of a secret as the forms show them; `default` where none was chosen."""
    period = parse_period(secret.period) if secret.period else default
    held = {kind: [] for kind in KINDS}
    for row in secret.scope.all():
        if row.kind in held:
            held[row.kind].append(str(row.department_id or row.post_id or row.person_id))
    return {
        "kind": str(period.kind) if period else "",
        "years": (period.years or None) if period else None,
        "months": (period.months or None) if period else None,
        "days": (period.days or None) if period else None,
        "until": period.until if period else None,
        "publication_event": secret.publication_event,
        "period_reason": secret.period_reason,
        "scope_reason": secret.scope_reason,
        "all_staff": secret.scope.filter(kind=ScopeEntry.Kind.ALL_STAFF).exists(),
        **held,
    }


def limits_of(data: Mapping[str, Any]) -> Limits:
    """Return period and scope from the cleaned values of both forms."""
    scope = [ScopeValue(kind, target) for kind in KINDS for target in data[kind]]
    if data["all_staff"]:
        scope.append(ScopeValue(ALL_STAFF))
    return Limits(
        period=data["period"],
        scope=tuple(scope),
        publication_event=data["publication_event"].strip() if data["kind"] == "until_publication" else "",
        period_reason=data["period_reason"].strip(),
        scope_reason=data["scope_reason"].strip(),
    )


def _code(data: dict[str, Any]) -> str:
    """Return the code of the period that was filled in, empty if it is incomplete."""
    kind = data.get("kind")
    if kind in {"long_term", "until_publication"}:
        return str(kind)
    if kind == "until_date":
        return data["until"].isoformat() if data.get("until") else ""
    parts = {name: data.get(name) or 0 for name in ("years", "months", "days")}
    return Period(PeriodKind.SPAN, **parts).code if kind == "span" and any(parts.values()) else ""
