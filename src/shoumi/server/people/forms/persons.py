"""Forms of persons and their sign-ins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import LegalEntity, Person

FIELDS = ("number", "name", "reading", "phone", "email")


class PersonForm(VersionForm):
    """A person.  Of somebody known, telephone and e-mail stay masked: an empty field leaves them."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label=_("Legal entity"), empty_label=None)
    number = forms.CharField(label=_("Employee number"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    reading = forms.CharField(
        label=_("Reading"),
        max_length=160,
        required=False,
        help_text=_("Kana for Japanese names; a Chinese name gets its pinyin if you leave this empty."),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, entities: Any = None, person: Person | None = None, **kwargs: Any) -> None:
        """Offer `entities` for a new person; show `person` without what is masked."""
        initial: dict[str, Any] = {"expected_version": 1}
        if person is not None:
            initial = {"expected_version": person.version}
            initial |= {name: getattr(person, name) for name in ("number", "name", "reading")}
        super().__init__(*args, initial=initial, **kwargs)
        if person is None:
            self.fields["entity"].queryset = entities
            return
        del self.fields["entity"]
        for name in ("phone", "email"):
            if getattr(person, name):
                self.fields[name].help_text = _("Masked; leave it empty to keep what is stored.")

    @property
    def values(self) -> dict[str, str]:
        """What the person typed; fields that stay masked are absent."""
        kept = {name: self.cleaned_data[name] for name in FIELDS}
        if "entity" not in self.fields:
            kept = {name: value for name, value in kept.items() if value or name not in {"phone", "email"}}
        return kept


class LinkForm(VersionForm):
    """Which sign-in belongs to a person."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Sign-in"), required=False, empty_label=_("No sign-in")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """Offer the sign-ins that belong to nobody, and the person's own."""
        super().__init__(
            *args, initial={"expected_version": person.version, "user": person.user_id}, **kwargs
        )
        free = User.objects.filter(is_active=True, person__isnull=True)
        own = User.objects.filter(pk=person.user_id)
        self.fields["user"].queryset = (free | own).order_by("display_name")
        self.fields["user"].label_from_instance = lambda user: f"{user.display_name} ({user.username})"
