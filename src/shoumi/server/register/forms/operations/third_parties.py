"""Third parties and the signed agreements with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.register.models import ConfidentialityAgreement


class ThirdPartyForm(forms.Form):
    """Who it is, and which department knows them."""

    department = forms.ChoiceField(label=_("Responsible department"))
    name = forms.CharField(label=_("Name of the third party"), max_length=200)
    registration_number = forms.CharField(label=_("Registration number"), max_length=60, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    expected_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments


class AgreementForm(forms.Form):
    """A signed agreement: the file, the parties, the days and the level it covers."""

    file = StoredFileField(label=_("Signed agreement"), multiple=False)
    parties = forms.CharField(label=_("Parties"), max_length=400)
    signed_on = forms.DateField(
        label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text=_("Leave empty if it has no end."),
    )
    level = forms.TypedChoiceField(
        label=_("Covers up to"),
        coerce=int,
        choices=ConfidentialityAgreement._meta.get_field("level").choices,  # noqa: SLF001 - documented by Django
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)

    def clean(self) -> dict[str, Any]:
        """Refuse an agreement that ends before it begins."""
        data = super().clean() or {}
        begins, ends = data.get("signed_on"), data.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", _("It cannot end before it begins."))
        return data
