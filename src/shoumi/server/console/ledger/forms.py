"""What somebody may look for in the ledger, and why they reveal a detail."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.ledger.queries import EntryFilter

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


class EntrySearchForm(forms.Form):
    """The search above the list of entries; every field may stay empty."""

    tag = forms.CharField(label=_("What happened"), required=False, max_length=128)
    subject = forms.CharField(label=_("About"), required=False, max_length=128)
    actor = forms.CharField(label=_("By"), required=False, max_length=128)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_actor(self) -> str:
        """Return the ledger's name of the actor; a sign-in name is looked up."""
        said = str(self.cleaned_data["actor"]).strip()
        if not said or ":" in said:
            return said
        user = User.objects.filter(username__iexact=said).first()
        if user is None:
            raise forms.ValidationError(_("Nobody signs in under this name."))
        return str(user.ledger_actor)

    def clean_subject(self) -> str:
        """Return the subject as the ledger writes it."""
        said = str(self.cleaned_data["subject"]).strip()
        if said and not _PLAIN.fullmatch(said):
            raise forms.ValidationError(_("Give the subject as the ledger writes it, such as secret:0b1f…"))
        return said

    def wanted(self) -> EntryFilter:
        """Return what to look for; fields that are not valid narrow nothing."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        since, until = said.get("since"), said.get("until")
        return EntryFilter(
            tag=said.get("tag", "").strip(),
            subject=said.get("subject", ""),
            actor=said.get("actor", ""),
            since=_midnight(since) if since else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
        )


def _midnight(day: object) -> datetime:
    """Return the beginning of `day` in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time()))  # type: ignore[arg-type]


class RevealForm(forms.Form):
    """Why somebody wants to see what an entry commits to."""

    purpose = forms.CharField(label=_("What for"), max_length=300, strip=True)
