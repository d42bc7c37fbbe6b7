"""Forms that prepare an agreement: with whom, its facts and fields part by part, clauses, own wordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.agreements import FactKind, FactValue, Library, OwnChange
from shoumi.server.accounts.models import User
from shoumi.server.agreements.forms.fields import PersonField, fact_field, value_field
from shoumi.server.agreements.queries.drafts import MASKED
from shoumi.server.agreements.queries.libraries import (
    REFUSAL_RECORD,
    kind_choices,
    said,
    typed_fact,
)
from shoumi.server.agreements.services.drafting import Change, Wish
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import persons_visible


class NewForm(forms.Form):
    """With whom an agreement of which kind is made."""

    kind = forms.ChoiceField(label=_("Kind of agreement"))
    person = PersonField(label=_("Person"), required=False)
    party_name = forms.CharField(
        label=_("Other party"),
        max_length=200,
        required=False,
        help_text=_("A partner, visitor or authority; only where it is no person of the register."),
    )
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: it holds until it is ended."))

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the kinds of the entity's country and its persons whom `user` may look up."""
        super().__init__(*args, **kwargs)
        self.entity = entity
        self.fields["kind"].choices = [row for row in kind_choices(entity.pack) if row[0] != REFUSAL_RECORD]
        self.fields["person"].rows = persons_visible(user).filter(entity=entity)

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        values = self.cleaned_data
        return Wish(
            entity=self.entity,
            kind=values["kind"],
            person=values["person"],
            party_name=values["party_name"],
            ends_on=values["ends_on"],
        )


class FactsForm(VersionForm):
    """Some facts of a draft."""

    def __init__(self, *args: Any, library: Library, names: Sequence[str], known: Any, **kwargs: Any) -> None:
        """Ask for the facts `names`; `known` are those recorded."""
        shown = {name: _as_text(known.get(name)) for name in names}
        super().__init__(*args, initial={**kwargs.pop("initial", {}), **shown}, **kwargs)
        self.library, self.names = library, names
        for name in names:
            self.fields[name] = fact_field(library, name)

    @property
    def change(self) -> Change:
        """What is changed."""
        told = {name: typed_fact(self.library, name, self.cleaned_data[name]) for name in self.names}
        return Change(known=told)


class PersonFactsForm(forms.Form):
    """The facts of a person on which needs depend."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, library: Library, names: Sequence[str], known: Any, **kwargs: Any) -> None:
        """Ask for the facts `names`; `known` are those recorded."""
        shown = {name: _as_text(known.get(name)) for name in names}
        super().__init__(*args, initial={**kwargs.pop("initial", {}), **shown}, **kwargs)
        self.library, self.names = library, names
        for name in names:
            self.fields[name] = fact_field(library, name)

    @property
    def version(self) -> int:
        """The version the person saw; 0 where nothing was recorded."""
        return int(self.cleaned_data["expected_version"])

    @property
    def known(self) -> dict[str, FactValue | None]:
        """What is recorded, None for what is not."""
        return {name: typed_fact(self.library, name, self.cleaned_data[name]) for name in self.names}


class ValuesForm(VersionForm):
    """Some fields of a draft."""

    def __init__(
        self, *args: Any, library: Library, names: Sequence[str], values: Any, **kwargs: Any
    ) -> None:
        """Ask for the fields `names`; of `values`, those filled in, personal ones stay masked."""
        self.kept = {name for name in names if name in MASKED and values.get(name)}
        shown = {name: values.get(name, "") for name in names if name not in self.kept}
        super().__init__(*args, initial={**kwargs.pop("initial", {}), **shown}, **kwargs)
        self.names = names
        for name in names:
            self.fields[name] = value_field(library, name)
            if name in self.kept:
                self.fields[name].help_text = _("Masked; leave it empty to keep what is stored.")

    @property
    def change(self) -> Change:
        """What is changed."""
        found = {name: self.cleaned_data[name] for name in self.names}
        found = {name: value for name, value in found.items() if value or name not in self.kept}
        return Change(values={name: "" if value is None else str(value) for name, value in found.items()})


class ClausesForm(VersionForm):
    """Which optional clauses a draft takes."""

    optional = forms.MultipleChoiceField(
        label=_("Optional clauses"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer `choices`, ids and headings."""
        super().__init__(*args, **kwargs)
        self.fields["optional"].choices = choices

    @property
    def change(self) -> Change:
        """What is changed."""
        return Change(optional=self.cleaned_data["optional"])


class WordingForm(VersionForm):
    """The company's own wording of one clause."""

    heading = forms.CharField(label=_("Heading"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Keep the fields in braces; they are filled in when the agreement is made."),
    )
    library_again = forms.BooleanField(label=_("Take the library's wording again"), required=False)

    def change(self, clause: str) -> Change:
        """Return what is changed of `clause`."""
        values = self.cleaned_data
        own = None if values["library_again"] else OwnChange(values["text"], values["heading"])
        return Change(own={clause: own})


def parts_of(names: Sequence[str], most: int = 8) -> list[tuple[str, ...]]:
    """Return `names` in parts of at most `most`, so that no form is longer."""
    return [tuple(names[at : at + most]) for at in range(0, len(names), most)]


def fact_shown(library: Library, name: str, value: FactValue) -> str:
    """Return a fact's value in words; flags as yes and no."""
    fact = library.facts[name]
    if fact.kind is FactKind.FLAG:
        return str(_("yes") if value else _("no"))
    return dict(fact_field(library, name).choices).get(str(value), str(value))


def fact_name(library: Library, name: str) -> str:
    """Return what a fact is called."""
    return said(library.facts[name].names)


def _as_text(value: FactValue | None) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
