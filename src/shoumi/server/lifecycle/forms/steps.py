"""Forms of one step: what was done, signing, a refusal before witnesses, confirming, giving it to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.jurisdiction.procedures import EvidenceKind, ItemState, PlannedStep
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.lifecycle.forms.fields import people_of
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.lifecycle.queries.packs import said, table_of, zone_of
from shoumi.server.lifecycle.services.recording import Done
from shoumi.server.people.forms.fields import DayField, MomentField, VersionForm
from shoumi.server.people.models import Person

STATES = (
    ("", pgettext_lazy("item of a list", "still open")),
    (ItemState.SETTLED.value, pgettext_lazy("item of a list", "settled")),
    (ItemState.NOT_HELD.value, pgettext_lazy("item of a list", "there is none")),
    (ItemState.MISSING.value, pgettext_lazy("item of a list", "missing")),
)


class ItemsForm(forms.Form):
    """The items of a list, each with what became of it and, where time is measured, when."""

    def __init__(self, *args: Any, user: User, case: PersonCase, asked: PlannedStep, **kwargs: Any) -> None:
        """Ask for every item of the step."""
        del user
        kwargs.pop("open_signers", None)
        super().__init__(*args, **kwargs)
        self.timed = asked.step.evidence is EvidenceKind.MEASURED
        self.ids = [item.id for item in asked.step.items]
        for item in asked.step.items:
            self.fields[f"item-{item.id}"] = forms.ChoiceField(
                label=said(item.names), choices=STATES, required=False
            )
            if self.timed:
                field = MomentField(label=_("When"), required=False)
                field.at(zone_of(case.entity))
                self.fields[f"time-{item.id}"] = field

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The items as the template shows them: the field of the state and of the time, if there is one."""
        return [(self[f"item-{id_}"], self[f"time-{id_}"] if self.timed else None) for id_ in self.ids]


class RecordForm(forms.Form):
    """What was done in a step, with files and companions as the step asks for them."""

    note = forms.CharField(
        label=_("What was done"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    at = MomentField(label=_("When"), required=False, help_text=_("Empty: now."))
    companions = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Together with"),
        required=False,
        help_text=_("They confirm it themselves."),
    )
    on_paper = forms.MultipleChoiceField(
        label=_("Who signed on paper"), widget=forms.CheckboxSelectMultiple, required=False
    )
    files = StoredFileField(label=_("Proof"), required=False)

    def __init__(
        self, *args: Any, user: User, case: PersonCase, asked: PlannedStep, open_signers: Any, **kwargs: Any
    ) -> None:
        """Ask for what the step is proved by."""
        super().__init__(*args, **kwargs)
        step = asked.step
        self.fields["at"].at(zone_of(case.entity))
        self.fields["files"].for_user(user)
        self.fields["files"].required = step.evidence is EvidenceKind.FILE
        others = people_of(user, case, signed_in=True).exclude(pk=case.person_id).exclude(user=user)
        self.fields["companions"].queryset = others
        if step.persons == 1:
            del self.fields["companions"]
        if step.evidence is EvidenceKind.FORM:
            known = table_of(case.entity).parties
            self.fields["on_paper"].choices = [(name, said(known[name].names)) for name in open_signers]
            self.fields["on_paper"].required = self.fields["files"].required = True
        else:
            del self.fields["on_paper"]


def done_of(values: Mapping[str, Any]) -> Done:
    """Return what is recorded, from the cleaned values of one or both forms."""
    states = {name.removeprefix("item-"): value for name, value in values.items() if name.startswith("item-")}
    return Done(
        note=values["note"],
        at=values["at"],
        items={id_: (state, values.get(f"time-{id_}")) for id_, state in states.items() if state},
        files=values["files"],
        companions=[person.user for person in values.get("companions", ())],
        on_paper=values.get("on_paper", ()),
    )


class SignForm(forms.Form):
    """Signing with the password."""

    party = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class RefusalForm(forms.Form):
    """That the person refused to sign, and who saw it."""

    note = forms.CharField(
        label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    witnesses = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Witnesses"), help_text=_("They confirm it themselves.")
    )
    files = StoredFileField(label=_("Proof"), required=False)

    def __init__(self, *args: Any, user: User, case: PersonCase, **kwargs: Any) -> None:
        """Offer everybody with a sign-in but the person and whoever records it."""
        super().__init__(*args, **kwargs)
        others = people_of(user, case, signed_in=True).exclude(pk=case.person_id).exclude(user=user)
        self.fields["witnesses"].queryset = others
        self.fields["files"].for_user(user)


class AttestForm(forms.Form):
    """Whether it was so."""

    agreed = forms.ChoiceField(
        label=_("Was it as recorded?"),
        choices=(("yes", _("Yes, I was there and it was so")), ("no", _("No"))),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class GiveForm(VersionForm):
    """To whom a step is given, until when and why."""

    to = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Give to"),
        required=False,
        empty_label=_("back to whoever holds the role"),
    )
    until = DayField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: Any, user: User, case: PersonCase, **kwargs: Any) -> None:
        """Offer everybody with a sign-in but the person."""
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people_of(user, case, signed_in=True).exclude(pk=case.person_id)
