"""Forms of concerns: the report, one more letter, the passphrase, and the office's end of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.concerns.models import FILE_BYTES, LONGEST_TEXT, MOST_FILES, Concern
from shoumi.server.files.forms import StoredFileField, StoredFileWidget
from shoumi.server.people.models import LegalEntity

BOTH, LEGAL, OFFICE = "both", "legal", "office"


class LetterFilesWidget(StoredFileWidget):
    """Files that come with the form itself: one uploaded beforehand is its owner's in table and ledger."""

    template_name = "concerns/files.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Say how many and how large."""
        del value
        context = super().get_context(name, None, attrs)
        context["widget"].update(limit_bytes=FILE_BYTES, most=MOST_FILES)
        return context


class LetterForm(forms.Form):
    """What somebody writes, with files."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what happened.")},
    )
    files = StoredFileField(
        label=pgettext_lazy("concern", "Files"),
        required=False,
        widget=LetterFilesWidget,
        help_text=_(
            "Documents and pictures carry along who made them, when and where. Take that out first if nobody "
            "is to know, or describe what they show instead. They are stored encrypted, under names that say "
            "nothing."
        ),
    )


class ReportForm(LetterForm):
    """What somebody reports, and to whom."""

    entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=_("Company concerned"), empty_label=None
    )
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Concern.Kind)
    addressee = forms.ChoiceField(
        label=_("Who is to read it?"),
        choices=(
            (BOTH, _("Legal and the secrecy office")),
            (LEGAL, _("Legal only")),
            (OFFICE, _("The secrecy office only")),
        ),
        widget=forms.RadioSelect,
        initial=BOTH,
    )
    field_order = ("entity", "kind", "addressee", "text", "files")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the companies of this installation."""
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = LegalEntity.objects.order_by("code")


class PassphraseForm(forms.Form):
    """What opens a mailbox."""

    passphrase = forms.CharField(
        label=_("Passphrase of your mailbox"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class CloseForm(forms.Form):
    """What was found, and what whoever reported it is told."""

    outcome = forms.ChoiceField(label=_("What the examination found"), choices=Concern.Outcome)
    text = forms.CharField(
        label=_("Last message to whoever reported it"), max_length=LONGEST_TEXT, widget=forms.Textarea
    )
