"""Forms of the non-compete desk: the proposal in two parts, a group, beginning, waiver, release, breach."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.noncompete import Part
from shoumi.server.accounts.models import User
from shoumi.server.agreements.forms.fields import YES_NO, PeriodField, PersonField, StoredDayField
from shoumi.server.agreements.queries.noncompete import class_choices
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import persons_visible

MOST_PERSONS = 200
PARTS = {
    Part.SHARE: _("share of the average wage, and the minimum wage"),
    Part.GUIDELINE_SHARE: _("share of the guideline"),
    Part.LONG_SHARE: _("share of a long term"),
    Part.PENALTY_CEILING: _("ceiling of the penalty"),
}


class BoundForm(VersionForm):
    """Who is bound, to what, and how long."""

    class_id = forms.ChoiceField(label=_("Class of persons"))
    knew_secrets = forms.ChoiceField(
        label=_("Knows or touches trade secrets"), choices=YES_NO, required=False
    )
    reasons_told = StoredDayField(label=_("Reasons told in writing on"), required=False)
    secrets_told = StoredDayField(label=_("Secrets told in writing on"), required=False)
    scope = forms.CharField(label=_("Scope"), max_length=400, required=False)
    territory = forms.CharField(label=_("Territory"), max_length=200, required=False)
    term = PeriodField(
        label=_("Term"), max_length=40, help_text=_("Such as 18 months; it runs from the end of service.")
    )
    service_ends = StoredDayField(
        label=_("Last day of service"), required=False, help_text=_("Empty: not known yet.")
    )

    def __init__(self, *args: Any, pack: str, proposal: dict[str, Any], **kwargs: Any) -> None:
        """Show what is proposed; offer the country's classes."""
        shown = {name: proposal.get(name, "") for name in self.base_fields if name != "expected_version"}
        knew = proposal.get("knew_secrets")
        shown["knew_secrets"] = "" if knew is None else "yes" if knew else "no"
        super().__init__(*args, initial={**shown, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["class_id"].choices = class_choices(pack)

    @property
    def values(self) -> dict[str, Any]:
        """What is proposed."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "expected_version"}
        values["knew_secrets"] = {"yes": True, "no": False}.get(values["knew_secrets"])
        return values


class SumsForm(VersionForm):
    """What is paid, out of which wages, and what somebody lets pass."""

    monthly = forms.DecimalField(
        label=_("Compensation for a month"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    percent = forms.DecimalField(
        label=_("Or as a share of the average wage, in percent"),
        required=False,
        min_value=0,
        max_value=1000,
        max_digits=7,
        decimal_places=3,
    )
    wages = forms.CharField(
        label=_("Wages of whole months, the newest last"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("One per line, at most 12 count. They are sealed and shown to HR and legal only."),
    )
    minimum_wage = forms.DecimalField(
        label=_("Local minimum wage for a month"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
    )
    penalty = forms.DecimalField(
        label=_("Penalty"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    override_part = forms.ChoiceField(label=_("Let an objection pass"), required=False)
    override_reason = forms.CharField(label=_("Reason for letting it pass"), max_length=400, required=False)

    def __init__(self, *args: Any, parts: Sequence[Part], inputs: dict[str, Any], **kwargs: Any) -> None:
        """Show what is proposed; offer the parts that may be overridden."""
        proposal, overrides = inputs.get("non_compete", {}), inputs.get("overrides", {})
        part, reason = next(iter(overrides.items()), ("", ""))
        shown = {name: proposal.get(name, "") for name in ("monthly", "percent", "minimum_wage", "penalty")}
        shown |= {
            "wages": "\n".join(proposal.get("wages", ())),
            "override_part": part,
            "override_reason": reason,
        }
        super().__init__(*args, initial={**shown, **kwargs.pop("initial", {})}, **kwargs)
        offered = [(str(part), PARTS[part]) for part in parts if part in PARTS]
        self.fields["override_part"].choices = [("", "–"), *offered]

    def clean_wages(self) -> list[str]:
        """Return the wages as they are stored."""
        found = []
        for line in self.cleaned_data["wages"].replace("，", ",").splitlines():
            text = line.replace(",", "").strip()
            if not text:
                continue
            try:
                wage = Decimal(text)
            except InvalidOperation as error:
                raise forms.ValidationError(_("A line is no amount of money.")) from error
            if not wage.is_finite() or wage < 0:
                raise forms.ValidationError(_("A line is no amount of money."))
            found.append(str(wage))
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What is proposed."""
        values = self.cleaned_data
        sums = ("monthly", "percent", "minimum_wage", "penalty")
        told = {name: None if values[name] is None else str(values[name]) for name in sums}
        return {**told, "wages": values["wages"]}

    @property
    def overrides(self) -> dict[str, str]:
        """What somebody lets pass, and why."""
        part = self.cleaned_data["override_part"]
        return {part: self.cleaned_data["override_reason"]} if part else {}


class GroupForm(forms.Form):
    """Several persons who are to sign."""

    people = forms.CharField(
        label=_("Persons"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Employee number or whole name, one per line."),
    )

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Take the entity's persons whom the user may look up."""
        super().__init__(*args, **kwargs)
        self.rows = persons_visible(user).filter(entity=entity)

    def clean_people(self) -> list[Person]:
        """Return the persons, each once."""
        field, found = PersonField(), {}
        field.rows = self.rows
        lines = [line.strip() for line in self.cleaned_data["people"].splitlines() if line.strip()]
        if len(lines) > MOST_PERSONS:
            raise forms.ValidationError(_("At most %(most)s at once."), params={"most": MOST_PERSONS})
        for line in lines:
            try:
                person = field.clean(line)
            except forms.ValidationError as error:
                words = f"{line}: {error.messages[0]}"
                raise forms.ValidationError(words) from error
            found[person.pk] = person
        return list(found.values())


class BeginForm(forms.Form):
    """From when it runs, and when it is paid."""

    service_ends = DayField(label=_("Last day of service"))
    due_day = forms.IntegerField(
        label=_("Day of payment in each month"), min_value=1, max_value=31, initial=15
    )


class WaiveForm(forms.Form):
    """That it is not used."""

    service_ends = DayField(label=_("Last day of service"))
    reason = forms.CharField(label=_("Reason"), max_length=400)


class ReleaseForm(VersionForm):
    """When the person is released, and why."""

    day = DayField(label=_("Last day on which the person is bound"))
    reason = forms.CharField(label=_("Reason"), max_length=400)


class FaultForm(VersionForm):
    """Whose fault arrears are."""

    fault = forms.ChoiceField(label=_("The employer's fault"), choices=YES_NO, required=False)

    @property
    def told(self) -> bool | None:
        """What is recorded."""
        return {"yes": True, "no": False}.get(self.cleaned_data["fault"])


class BreachForm(forms.Form):
    """What was seen of a breach."""

    since = DayField(label=_("Since"))
    seen = forms.CharField(
        label=_("What was seen"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    files = StoredFileField(label=_("Papers that show it"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take `user`'s own uploads."""
        super().__init__(*args, **kwargs)
        self.fields["files"].for_user(user)
