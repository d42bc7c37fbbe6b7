"""Forms of outsourcing: the assessment and its answers, the self-check, lines of the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.jurisdiction.outsiders import CheckItem
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.partners.models import Outsourcing
from shoumi.server.places.queries.standards import said

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
GRADES = [
    ("yes", pgettext_lazy("how far it holds", "Yes")),
    ("partly", pgettext_lazy("how far it holds", "Partly")),
    ("no", pgettext_lazy("how far it holds", "No")),
]


class ScopeForm(forms.Form):
    """What is to be outsourced."""

    scope = forms.CharField(label=_("What is to be outsourced"), max_length=300)


class GradeForm(forms.Form):
    """The answer to one question."""

    grade = forms.ChoiceField(label=_("Answer"), choices=GRADES)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    proof = StoredFileField(label=_("Proof"), multiple=False, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files."""
        super().__init__(*args, **kwargs)
        self.fields["proof"].for_user(user)


class DecideForm(forms.Form):
    """The decision of the second person."""

    is_agreed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", pgettext_lazy("assessment", "Agree")), ("0", pgettext_lazy("assessment", "Refuse"))],
        coerce=lambda text: text == "1",
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)
    valid_until = forms.DateField(label=_("Valid until"), widget=DAY, required=False)


class CheckForm(forms.Form):
    """Some items of the self-check."""

    def __init__(self, *args: Any, items: Sequence[CheckItem], has_note: bool, **kwargs: Any) -> None:
        """Ask for every one of `items`, and with `has_note` for a note."""
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[item.id] = forms.ChoiceField(
                label=said(item.names), choices=GRADES, help_text=item.cite, initial="yes"
            )
        if has_note:
            self.fields["note"] = forms.CharField(label=_("Note"), max_length=600, required=False)


class OutsourcingForm(forms.Form):
    """Which personal data the partner will handle."""

    purpose = forms.CharField(label=_("What it is done for"), max_length=300)
    kinds = forms.CharField(label=_("Kinds of personal data"), max_length=300)
    number = forms.ChoiceField(label=_("Number of persons"), choices=Outsourcing.Number.choices)
    where = forms.CharField(label=_("Where the data lie"), max_length=200)
    chain = forms.CharField(
        label=_("Further contractors, and who agreed to them"), max_length=300, required=False
    )
    starts_on = forms.DateField(label=_("From"), widget=DAY)


class DataBackForm(forms.Form):
    """From when on it is over, and what became of the data."""

    day = forms.DateField(label=_("Ended on"), widget=DAY)
    returned = forms.CharField(label=_("Proof of return or deletion"), max_length=300)
