"""Fields of the forms of agreements: a person by number or name, and a pack's facts and fields by their kind.

Nothing is looked up beyond the rows that the form was given.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.agreements import FactKind, FieldKind, Library
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.agreements.queries.libraries import fact_choices, said
from shoumi.server.files.tables.dates import parse_period
from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import Person

LONGEST = 2000  # characters of one field of an agreement
YES_NO = (("", _("not recorded")), ("yes", _("yes")), ("no", _("no")))


class PersonField(forms.CharField):
    """One of the given persons, by employee number or whole name; `clean` returns the person."""

    default_error_messages = {
        "unknown": _("There is nobody with this number or name here."),
        "several": _("Several persons have this name; give the employee number."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """Take what `CharField` takes."""
        kwargs.setdefault("help_text", _("Employee number or whole name."))
        super().__init__(max_length=80, **kwargs)
        self.rows: QuerySet[Person] = Person.objects.none()

    def clean(self, value: Any) -> Person | None:
        """Return the person, None for an empty field that may be."""
        text = super().clean(value)
        if not text:
            return None
        found = list(self.rows.filter(number__iexact=text)[:2]) or list(self.rows.filter(name=text)[:2])
        if len(found) != 1:
            code = "several" if found else "unknown"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return found[0]


class PeriodField(forms.CharField):
    """A period as people write it; `clean` returns its stored code."""

    def clean(self, value: Any) -> str:
        """Return the code, empty for nothing."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_period(text).code
        except InputError as error:
            raise forms.ValidationError(words_of(error)) from error


class StoredDayField(DayField):
    """A day; `clean` returns it as it is stored."""

    def clean(self, value: Any) -> Any:
        """Return the day as text, empty for nothing."""
        day = super().clean(value)
        return day.isoformat() if day else ""


def fact_field(library: Library, fact_id: str) -> forms.Field:
    """Return a form field for a fact of the library, which may stay unrecorded."""
    fact = library.facts[fact_id]
    choices = (
        YES_NO if fact.kind is FactKind.FLAG else [("", _("not recorded")), *fact_choices(library, fact_id)]
    )
    return forms.ChoiceField(label=said(fact.names), choices=choices, required=False)


def value_field(library: Library, field_id: str) -> forms.Field:
    """Return a form field for a field of the library, which may stay empty in a draft."""
    field = library.fields[field_id]
    label, kind = said(field.names), field.kind
    if kind is FieldKind.DAY:
        return StoredDayField(label=label, required=False)
    if kind is FieldKind.MONEY:
        return forms.DecimalField(label=label, required=False, min_value=0, max_digits=16, decimal_places=2)
    if kind is FieldKind.PERIOD:
        return PeriodField(
            label=label, required=False, max_length=60, help_text=_("Such as 3 years, 18 months, or a day.")
        )
    if kind is FieldKind.LIST:
        return forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One per line."),
        )
    return forms.CharField(label=label, required=False, max_length=400)
