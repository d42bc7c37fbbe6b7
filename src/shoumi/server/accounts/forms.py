"""The forms of roles, keys, users and access tokens: they check shapes, `services` do the rest."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import LANGUAGES, ROLE_LABELS, User
from shoumi.server.accounts.services.sign_in import code_is_used_first, code_was_used
from shoumi.server.accounts.services.tokens import LONGEST, RIGHTS
from shoumi.server.ledger.services import clock

GRANTABLE = [(role.value, ROLE_LABELS[role]) for role in Role if role is not Role.EMPLOYEE]
TIME_ZONES = [("Asia/Shanghai", "Asia/Shanghai"), ("Asia/Tokyo", "Asia/Tokyo"), ("UTC", "UTC")]
RIGHT_LABELS = {
    "*": pgettext_lazy("right of an access token", "everything"),
    "people": pgettext_lazy("right of an access token", "people"),
    "secrets": pgettext_lazy("right of an access token", "secrets"),
    "approvals": pgettext_lazy("right of an access token", "approvals"),
    "files": pgettext_lazy("right of an access token", "files"),
    "notifications": pgettext_lazy("right of an access token", "notifications"),
    "ledger": pgettext_lazy("right of an access token", "ledger"),
    "scim": pgettext_lazy("right of an access token", "joiners and leavers from an identity provider (SCIM)"),
}
MODE_LABELS = {"read": _("Read: %(area)s"), "write": _("Read and change: %(area)s")}


def right_label(right: str) -> str:
    """Return a right of an access token in words."""
    area, _colon, mode = right.partition(":")
    return str(MODE_LABELS[mode]) % {"area": RIGHT_LABELS[area]}


def end_of_day(day: Any) -> datetime:
    """Return the moment at which `day` is over, in the zone in force."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class DateInput(forms.DateInput):
    """A date field that browsers help to fill."""

    input_type = "date"


class SignInForm(LoginForm):
    """Name and password, in this house's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Replace the words of allauth's own form."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name or e-mail")
        self.fields["login"].widget.attrs = {"autocomplete": "username webauthn", "autofocus": True}
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


class _CodeOnce(forms.Form):
    """Takes a one-time code once, which allauth sees to for a part of the time in which one passes."""

    def clean_code(self) -> str:
        """Return the code; refuse one that was used, and say so."""
        used = forms.ValidationError(
            _("This code was used already. Wait until the app shows the next one."), code="used_code"
        )
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as error:
            wrong = error.code == "incorrect_code"
            if wrong and code_was_used(user=self.user, code=self.cleaned_data["code"]):
                raise used from error
            raise
        of_app = self.authenticator.type == Authenticator.Type.TOTP
        if of_app and not code_is_used_first(user=self.user, code=code):
            self._emit_authentication_failed(self.authenticator)
            raise used
        return code


class SecondFactorForm(_CodeOnce, AuthenticateForm):
    """The code after the password."""


class ConfirmationForm(_CodeOnce, ReauthenticateForm):
    """The code that proves again who it is."""


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, in this house's words; it replaces the password unless the user says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Replace the words of allauth's own form."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "The device then asks for your fingerprint, your face or its PIN each time."
        )


class RoleRequestForm(forms.Form):
    """Who is to get which role, for which place, why, and until when."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("display_name"), label=_("Who receives the role")
    )
    role = forms.ChoiceField(choices=GRANTABLE, label=_("Role"))
    scope = forms.CharField(
        label=_("For"),
        required=False,
        max_length=80,
        help_text=_("Empty means the whole company. Otherwise a legal entity, a department or a case."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput)

    def __init__(self, *args: Any, scopes: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """Offer `scopes` (value, label) for choice, if they are known."""
        super().__init__(*args, **kwargs)
        if scopes:
            self.fields["scope"] = forms.ChoiceField(
                choices=[("", _("The whole company")), *scopes], label=_("For"), required=False
            )

    def facts(self) -> dict[str, Any]:
        """Return what `role_request` takes."""
        data = self.cleaned_data
        return {
            "user": data["user"],
            "role": Role(data["role"]),
            "scope": data["scope"],
            "reason": data["reason"],
            "ends_at": end_of_day(data["ends_on"]) if data["ends_on"] else None,
        }


class ReasonForm(forms.Form):
    """Why something is refused, revoked or closed."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class KeyOperationForm(forms.Form):
    """Which operation on which key, and why."""

    operation = forms.ChoiceField(label=_("Operation"))
    key_id = forms.CharField(label=_("Key"), max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, operations: list[tuple[str, Any]], **kwargs: Any) -> None:
        """Offer the registered operations."""
        super().__init__(*args, **kwargs)
        self.fields["operation"].choices = operations


class UserForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=_("Sign-in name"), max_length=80)
    display_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("A link for setting the password is sent to this address.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)


class TokenForm(forms.Form):
    """A new access token."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    rights = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(label=_("Last day"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the rights in words."""
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [(right, right_label(right)) for right in RIGHTS]

    def clean_expires_on(self) -> Any:
        """Refuse a day that is over, or more than a year ahead."""
        day = self.cleaned_data["expires_on"]
        today = timezone.localtime(clock().now()).date()
        if day < today or day > today + LONGEST - timedelta(days=2):
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day
