"""Forms of an unmasking: the reason, and the second person's decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.people.models import Person
from shoumi.server.people.queries import persons_visible
from shoumi.server.privacy.queries.visible import TELLERS


class AskForm(forms.Form):
    """Whom somebody wants to see, and why."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"))
    purpose = forms.CharField(label=_("Why it must be seen"), max_length=400)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the persons within the user's remit."""
        super().__init__(*args, **kwargs)
        rows = persons_visible(user, TELLERS).exclude(user=user)
        self.fields["person"].queryset = rows.order_by("reading", "name")


class DecideForm(forms.Form):
    """What the second person says."""

    agreed = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("Agree")), ("no", _("Refuse"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
