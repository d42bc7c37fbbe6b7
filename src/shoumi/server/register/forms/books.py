"""Correcting one field of a ledger's line, noting a life event, and giving the reason of either."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Pack, parse_period
from shoumi.server.register.forms.choices import levels
from shoumi.server.register.models import BookLine, LifeEvent
from shoumi.server.register.models.books import StorageForm
from shoumi.server.register.queries.book_words import carrier_forms, field_labels

LISTS = {"carrier_form": carrier_forms, "storage_form": lambda: StorageForm.choices}
TEXT, LIST = "text", "many"


class CorrectionForm(forms.Form):
    """Another value for one of the nine fields, with the reason; the field decides what can be entered."""

    value = forms.CharField(label=_("What this book shall say"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: BookLine, field: str, pack: Pack, **kwargs: Any) -> None:
        initial = {"value": getattr(line, field), "expected_version": line.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.field = field
        label = field_labels()[field]
        if field in LISTS:
            self.fields["value"] = forms.MultipleChoiceField(
                label=label, choices=LISTS[field](), widget=forms.CheckboxSelectMultiple
            )
        elif field == "level":
            self.fields["value"] = forms.ChoiceField(label=label, choices=levels(pack))
        else:
            longest = BookLine._meta.get_field(field).max_length or 1000  # noqa: SLF001 - Django's documented way
            self.fields["value"] = forms.CharField(label=label, max_length=longest)
        if field == "period":
            self.fields["value"].help_text = _(
                "The code of the period, a slash and the last secret day: P5Y/2031-02-28; or long_term, "
                "until_publication."
            )
        self.order_fields(["value", "reason", "expected_version"])

    def clean_value(self) -> Any:
        """Read a period; everything else is checked by the service."""
        value = self.cleaned_data["value"]
        if self.field == "period":
            code, _slash, end = str(value).partition("/")
            try:
                parse_period(code)
                if end:
                    parse_period(end)
            except InputError as error:
                raise forms.ValidationError(_("This is no confidentiality period.")) from error
        return value


class EventForm(forms.Form):
    """A life event that happened outside the system."""

    kind = forms.ChoiceField(label=_("What happened"), choices=LifeEvent.Kind.choices)
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        help_text=_("Who, when and where; the content of the secret is not needed."),
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """The reason of what is done with one button."""

    reason = forms.CharField(label=_("Reason"), max_length=2000)
