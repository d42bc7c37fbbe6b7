"""Forms of directories: where one stands, what it calls things, who counts, and how often it is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.provisioning.models import Directory

PEM = _("Only where the machine does not know the authority. Text from -----BEGIN CERTIFICATE----- on.")


class ConnectionForm(VersionForm):
    """Where a directory stands and as whom it is read."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Directory.Kind.choices,
        help_text=_("Another kind brings its own names for everything."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_(
            "Such as ldaps://directory.example.com; ldap:// to another machine is read by StartTLS only."
        ),
    )
    base = forms.CharField(label=_("Base"), max_length=300)
    filter = forms.CharField(label=pgettext_lazy("directory", "Filter"), max_length=500)
    bind_dn = forms.CharField(label=_("Account to read with"), max_length=300, required=False)
    password = forms.CharField(
        label=_("Password of the account"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Empty keeps the one that is there; it is kept encrypted and never shown."),
    )
    authority = forms.CharField(
        label=_("Certificate of its authority"),
        required=False,
        max_length=20_000,
        help_text=PEM,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )


class NamesForm(VersionForm):
    """What the directory calls what we keep of a person."""

    number = forms.CharField(label=_("Number"), max_length=60)
    user_name = forms.CharField(label=_("Sign-in name"), max_length=60, required=False)
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=60)
    department = forms.CharField(label=_("Department"), max_length=60)
    title = forms.CharField(label=_("Post"), max_length=60, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)


class GroupsForm(VersionForm):
    """Who counts: whoever is enabled, and in one of the groups."""

    control = forms.CharField(
        label=_("Attribute with the flags of an account"),
        max_length=60,
        required=False,
        help_text=_("userAccountControl in Active Directory: disabled accounts count as gone."),
    )
    groups = forms.CharField(
        label=_("Attribute with the groups of an account"),
        max_length=60,
        required=False,
        help_text=_("memberOf names direct groups only, and not the primary one."),
    )
    member_of = forms.CharField(
        label=_("Groups that count"),
        required=False,
        max_length=4000,
        help_text=_("One distinguished name a line; empty for everybody."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean_member_of(self) -> list[str]:
        """Return one name for each line."""
        return [line.strip() for line in self.cleaned_data["member_of"].splitlines() if line.strip()]


class RhythmForm(VersionForm):
    """How often it is read by itself, in the name of whoever says so."""

    rhythm = forms.ChoiceField(label=_("Read by itself"), choices=Directory.Rhythm.choices)
    most_leavers = forms.IntegerField(
        label=_("How many may leave at once"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Empty: five, or one in twenty. More than that stops the whole run."),
    )


def connection_of(row: Directory | None, kind_filter: str) -> dict[str, Any]:
    """Return what the first form shows at first."""
    if row is None:
        return {"expected_version": 1, "kind": Directory.Kind.INET, "filter": kind_filter}
    names = ("kind", "url", "base", "filter", "bind_dn", "authority")
    return {"expected_version": row.version, **{name: getattr(row, name) for name in names}}
