"""Forms of a case itself: whom it is about, its days, its facts, its parties, its end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.lifecycle.forms.fields import CHOOSE, people_of
from shoumi.server.lifecycle.models import KINDS, PersonCase
from shoumi.server.lifecycle.queries.access import OPENERS
from shoumi.server.lifecycle.queries.packs import (
    DAYS,
    facts_asked,
    parties_asked,
    said,
    table_of,
    zone_of,
)
from shoumi.server.people.forms.fields import DayField, MomentField, VersionForm
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import persons_visible

MOMENTS = ("found_day", "notice_day")  # from these, hours are counted


class ChooseForm(forms.Form):
    """Whom the case is about and of which kind it is."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the persons for whom the user may open a case."""
        super().__init__(*args, **kwargs)
        rows = persons_visible(user, OPENERS).exclude(user=user)
        self.fields["person"].queryset = rows.order_by("reading", "name")


class DaysForm(forms.Form):
    """The days of a case; moments where hours are counted from them."""

    def __init__(self, *args: Any, entity: LegalEntity, kind: str, **kwargs: Any) -> None:
        """Ask for the days from which something of this kind is counted."""
        super().__init__(*args, **kwargs)
        table = table_of(entity)
        for name in DAYS[kind]:
            label = said(table.days[name].names)
            if name in MOMENTS:
                field: forms.Field = MomentField(label=label, required=False)
                field.at(zone_of(entity))
            else:
                field = DayField(label=label, required=False)
            self.fields[name] = field

    @property
    def days(self) -> dict[str, date | datetime]:
        """The days that are known; the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class FactsForm(forms.Form):
    """What is known of a case; what is left open keeps every step that depends on it."""

    def __init__(self, *args: Any, entity: LegalEntity, kind: str, **kwargs: Any) -> None:
        """Ask for the facts on which steps of this kind depend."""
        super().__init__(*args, **kwargs)
        table = table_of(entity)
        for name in facts_asked(entity, kind):
            fact = table.facts[name]
            choices = [("", _("not known yet")), *((value.id, said(value.names)) for value in fact.values)]
            self.fields[name] = forms.ChoiceField(label=said(fact.names), choices=choices, required=False)

    @property
    def facts(self) -> dict[str, str]:
        """The facts that are known; the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReasonForm(forms.Form):
    """Why something is changed."""

    why = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: Any, entity: LegalEntity, kind: str, **kwargs: Any) -> None:
        """Take what every part of the stepped form is given."""
        del entity, kind
        super().__init__(*args, **kwargs)


class PartyForm(forms.Form):
    """Who a party of the case is."""

    party = forms.ChoiceField(label=_("Who is it?"))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"))

    def __init__(self, *args: Any, user: User, case: PersonCase, **kwargs: Any) -> None:
        """Offer the parties of this kind of case, and everybody of the company but the person."""
        super().__init__(*args, **kwargs)
        known = table_of(case.entity).parties
        names = [(name, said(known[name].names)) for name in parties_asked(case.entity, case.kind)]
        self.fields["party"].choices = [CHOOSE, *names]
        self.fields["person"].queryset = people_of(user, case).exclude(pk=case.person_id)


class EndForm(VersionForm):
    """How a case ended, or why it is called off."""

    outcome = forms.CharField(label=_("Outcome"), max_length=400, required=False)


class CancelForm(VersionForm):
    """Why a case is called off."""

    outcome = forms.CharField(label=_("Reason"), max_length=400)


class TemplateForm(forms.Form):
    """What a company's cases ask for otherwise than the pack."""

    what = forms.CharField(widget=forms.HiddenInput)
    kind = forms.CharField(widget=forms.HiddenInput)
    key = forms.ChoiceField(label=_("Step"))
    day = forms.ChoiceField(label=_("Counted from"))
    days_after = forms.IntegerField(
        label=_("Days after"), min_value=-90, max_value=730, help_text=_("Less than 0: before that day.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: Any, entity: LegalEntity, kind: str, what: str, **kwargs: Any) -> None:
        """Ask for what this sort of change needs."""
        super().__init__(*args, **kwargs)
        table = table_of(entity)
        steps = table.kinds[kind].steps
        self.fields["key"].choices = [CHOOSE, *((step.id, said(step.names)) for step in steps)]
        self.fields["day"].choices = [(name, said(table.days[name].names)) for name in DAYS[kind]]
        if what == "left_out":
            del self.fields["day"], self.fields["days_after"]


class AddedStepForm(TemplateForm):
    """A step of the company's own."""

    title = forms.CharField(label=_("Title"), max_length=200)
    proof = forms.CharField(label=_("What is recorded"), max_length=400)
    role = forms.ChoiceField(label=_("Whose it is"))
    gate = forms.ChoiceField(label=_("Stands in the way of"), required=False)

    field_order = ("title", "proof", "role", "gate", "day", "days_after", "reason")

    def __init__(
        self, *args: Any, entity: LegalEntity, kind: str, what: str, roles: Any, **kwargs: Any
    ) -> None:
        """Offer roles and gates."""
        super().__init__(*args, entity=entity, kind=kind, what=what, **kwargs)
        del self.fields["key"]
        gates = table_of(entity).gates
        self.fields["role"].choices = roles
        self.fields["gate"].choices = [("", "–"), *((str(key), said(gates[key].names)) for key in gates)]
