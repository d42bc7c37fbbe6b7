"""Forms of signing: by drawing, from paper, for the company, as a witness; and of a refusal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.agreements.forms.fields import PersonField
from shoumi.server.agreements.services.refusing import Refused
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import persons_visible

HASH = 64


class PasswordForm(forms.Form):
    """The hash of what was read, and the password that confirms it."""

    pdf_sha256 = forms.CharField(widget=forms.HiddenInput, min_length=HASH, max_length=HASH)
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("It confirms that it is you."),
    )


class DrawForm(PasswordForm):
    """A drawn signature."""

    picture = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600_000)
    strokes = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000_000)
    read = forms.BooleanField(label=_("I have read the agreement and agree to it."))
    field_order = ("pdf_sha256", "picture", "strokes", "read", "password")


class PaperForm(VersionForm):
    """What was signed on paper."""

    scan = StoredFileField(label=_("Scan of the signed paper"), multiple=False)
    signed_on = DayField(label=_("Signed on"))
    signer_name = forms.CharField(
        label=_("Who signed"), max_length=200, required=False, help_text=_("Empty: the party itself.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take `user`'s own uploads."""
        super().__init__(*args, **kwargs)
        self.fields["scan"].for_user(user)


class RefusedForm(VersionForm):
    """Who saw that it was refused, and what was said."""

    reader = PersonField(label=_("Who read and explained it"))
    witness_one = PersonField(label=_("First witness"))
    witness_two = PersonField(label=_("Second witness"))
    place = forms.CharField(label=_("Place"), max_length=200)
    stated_reason = forms.CharField(label=_("Reason as stated"), max_length=400, required=False)

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the persons of the entity whom `user` may look up."""
        super().__init__(*args, **kwargs)
        rows = persons_visible(user).filter(entity=entity)
        for name in ("reader", "witness_one", "witness_two"):
            self.fields[name].rows = rows

    @property
    def refused(self) -> Refused:
        """What happened."""
        values = self.cleaned_data
        return Refused(
            reader=values["reader"],
            witnesses=(values["witness_one"], values["witness_two"]),
            place=values["place"],
            stated_reason=values["stated_reason"],
        )


class ReasonForm(VersionForm):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class OrderForm(VersionForm):
    """Where the signing service reaches the signer."""

    contact = forms.CharField(
        label=pgettext_lazy("signing service", "E-mail or telephone of the signer"),
        max_length=200,
        required=False,
        help_text=_("Empty: the person's own e-mail address."),
    )


class PurposeForm(forms.Form):
    """Why masked details must be seen."""

    purpose = forms.CharField(label=_("Why it must be seen"), max_length=300, required=False)
