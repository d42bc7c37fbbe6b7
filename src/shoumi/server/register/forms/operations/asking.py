"""Asking for an operation: what it is about, and the answers that its kind needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.places.models import Zone
from shoumi.server.register.forms.choices import persons
from shoumi.server.register.models import Operation
from shoumi.server.register.operation_values import Wish
from shoumi.server.register.queries.operations.lists import third_parties_visible_to
from shoumi.server.register.queries.operations.obstacles import WAYS_TO_COPY, WAYS_TO_PUBLISH

Kind = Operation.Kind
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LABELS = {  # what the day means, by kind
    Kind.BORROW: _("To be given back on"),
    Kind.REPAIR: _("To be given back on"),
    Kind.DISCLOSE: _("Used until"),
    Kind.RELEASE: _("Planned for"),
}
WHERE = {
    Kind.RELEASE: _("Where it is to be published or told"),
    Kind.REPAIR: _("Who repairs it"),
    Kind.BORROW: _("Where it is used"),
    Kind.DISCLOSE: _("Where it is used"),
}


class WishForm(forms.Form):
    """The answers of one request; fields that its kind does not need are left out."""

    FIELDS: ClassVar[dict[str, tuple[str, ...]]] = {
        Kind.CONSULT: ("receiver", "purpose", "due_on"),
        Kind.BORROW: ("receiver", "purpose", "due_on", "where"),
        Kind.COPY: ("method", "copies", "purpose", "receiver", "to_zone"),
        Kind.TRANSFER: ("to_zone", "purpose", "due_on"),
        Kind.DISCLOSE: ("third_party", "what", "purpose", "due_on", "where"),
        Kind.RELEASE: ("method", "what", "where", "purpose", "due_on"),
        Kind.DESTROY: ("purpose", "ends_secret"),
        Kind.SCRAP: ("purpose", "where"),
        Kind.REPAIR: ("where", "purpose", "due_on"),
    }

    receiver = forms.ChoiceField(label=_("Handed to"), required=False)
    third_party = forms.ChoiceField(label=_("Third party"), required=False)
    method = forms.ChoiceField(label=_("Way"), required=False)
    copies = forms.IntegerField(label=_("Copies of each"), min_value=1, max_value=99, required=False)
    to_zone = forms.ChoiceField(label=_("To zone"), required=False)
    what = forms.CharField(
        label=_("What exactly"),
        max_length=300,
        required=False,
        help_text=_("Describe it without writing the secret itself."),
    )
    where = forms.CharField(label=_("Where"), max_length=300, required=False)
    purpose = forms.CharField(
        label=_("Purpose"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )
    due_on = forms.DateField(label=_("Due"), widget=DAY, required=False)
    ends_secret = forms.BooleanField(
        label=_("This ends the secret: nothing that bears it will be left"), required=False
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, operation: Operation, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, entity = Kind(operation.kind), operation.department.entity
        wanted = [name for name in self.FIELDS[kind] if not (operation.let_in and name == "receiver")]
        for name in set(self.fields) - {*wanted, "expected_version"}:
            del self.fields[name]
        self.order_fields([*wanted, "expected_version"])
        choices = {
            "receiver": lambda: persons(entity.pk),
            "third_party": lambda: _third_parties(user, entity.pk),
            "to_zone": lambda: _zones(entity.pk),
            "method": lambda: _ways(kind),
        }
        for name, made in choices.items():
            if name in self.fields:
                self.fields[name].choices = made()
        for name, labels in (("due_on", LABELS), ("where", WHERE)):
            if name in self.fields and kind in labels:
                self.fields[name].label = labels[kind]

    @staticmethod
    def initial_of(operation: Operation) -> dict[str, Any]:
        """Return what a draft holds already."""
        plain = ("purpose", "due_on", "method", "copies", "what", "where", "ends_secret")
        keyed = ("receiver", "to_zone", "third_party")
        return {
            **{name: getattr(operation, name) for name in plain},
            **{name: str(getattr(operation, f"{name}_id") or "") for name in keyed},
            "expected_version": operation.version,
        }

    def wish(self) -> Wish:
        """Return the answers of a valid form."""
        data = self.cleaned_data
        keyed = {
            name: UUID(data[name]) if data.get(name) else None
            for name in ("receiver", "to_zone", "third_party")
        }
        return Wish(
            purpose=data.get("purpose", ""),
            due_on=data.get("due_on"),
            method=data.get("method", ""),
            copies=data.get("copies") or 1,
            what=data.get("what", ""),
            where=data.get("where", ""),
            ends_secret=bool(data.get("ends_secret")),
            **keyed,
        )


class LetInForm(forms.Form):
    """Asking to be let in: the number of the secret, and why."""

    number = forms.CharField(
        label=_("Number of the secret"),
        max_length=40,
        help_text=_("As you were told it; the name and the content are not shown here."),
    )
    purpose = forms.CharField(label=_("Purpose"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


def _third_parties(user: User, entity_id: object) -> list[tuple[str, str]]:
    rows = third_parties_visible_to(user).filter(department__entity=entity_id)
    return [("", _("Choose…")), *((str(row.pk), row.name) for row in rows)]


def _zones(entity_id: object) -> list[tuple[str, str]]:
    rows = Zone.objects.filter(entity=entity_id, closed_on=None, kind=Zone.Kind.SECRET)
    return [("", _("Choose…")), *((str(row.pk), f"{row} · {row.get_level_display()}") for row in rows)]


def _ways(kind: str) -> Sequence[tuple[str, Any]]:
    wanted = WAYS_TO_COPY if kind == Kind.COPY else WAYS_TO_PUBLISH
    return [
        ("", pgettext_lazy("way", "Choose…")),
        *(pair for pair in Operation.Method.choices if pair[0] in wanted),
    ]
