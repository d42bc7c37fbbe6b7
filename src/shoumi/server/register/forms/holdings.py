"""Step 2: the carriers of a secret besides its files, as rows that can be added and removed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.register.forms.choices import persons
from shoumi.server.register.models import Carrier, TradeSecret
from shoumi.server.register.values import CarrierValue


class FilesForm(forms.Form):
    """Files to attach, and the version that the form was made from."""

    files = StoredFileField(label=_("Add files"), required=False, multiple=True)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].for_user(user)


class CarrierForm(forms.Form):
    """One carrier; a row without description counts as not filled in."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *Carrier.Kind.choices], required=False)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    keeper = forms.ChoiceField(label=_("Keeper"), required=False)

    def __init__(self, *args: Any, entity_id: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].choices = persons(entity_id)

    def clean(self) -> dict[str, Any]:
        """Refuse half a carrier: kind and description go together."""
        data = super().clean() or {}
        if bool(data.get("kind")) != bool(data.get("description")):
            missing = "description" if data.get("kind") else "kind"
            self.add_error(missing, _("A carrier needs a kind and a description."))
        return data


CarrierFormSet = formset_factory(CarrierForm, extra=1, can_delete=True, max_num=200)


def carriers_initial(secret: TradeSecret) -> list[dict[str, str]]:
    """Return the rows that the form set shows for a draft."""
    return [
        {
            "kind": row.kind,
            "description": row.description,
            "place": row.place,
            "keeper": str(row.keeper_id or ""),
        }
        for row in secret.carriers.all()
    ]


def carrier_values(formset: Any) -> list[CarrierValue]:
    """Return the carriers of a valid form set, without deleted and empty rows."""
    rows = [
        form.cleaned_data for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]
    return [
        CarrierValue(row["kind"], row["description"], row["place"], row["keeper"] or None)
        for row in rows
        if row.get("kind")
    ]
