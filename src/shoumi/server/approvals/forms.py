"""The forms of approvals: what is decided and why, and who stands in from when until when.

They check what can be seen from the input alone; whether it may be done is asked by `services`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import RoleGrant, User
from shoumi.server.approvals.models import Verdict
from shoumi.server.approvals.queries import kinds
from shoumi.server.approvals.queries.authority import NO_STANDING_IN
from shoumi.server.approvals.services.deciding import LONGEST_REASON


class DecisionForm(forms.Form):
    """Approve, send back or reject, with a reason for the latter two."""

    verdict = forms.ChoiceField(label=_("Your decision"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for sending back and rejecting. Do not write the secret itself here."),
    )
    step = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for the reason beside its field."""
        cleaned = super().clean() or {}
        verdict, reason = cleaned.get("verdict"), cleaned.get("reason", "")
        if verdict and verdict != Verdict.APPROVE and not reason.strip() and "reason" not in self.errors:
            self.add_error("reason", _("Say what is missing or why it is rejected."))
        return cleaned


class WithdrawalForm(forms.Form):
    """Take a request back, with a reason if one likes."""

    reason = forms.CharField(required=False, max_length=LONGEST_REASON)


class DelegationForm(forms.Form):
    """Who stands in, for what, from which day to which."""

    delegate = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who stands in for you"))
    kinds = forms.MultipleChoiceField(
        label=_("For which requests"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=400)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        """Offer who can stand in for `actor`, and the kinds there are."""
        super().__init__(*args, **kwargs)
        self.fields["delegate"].queryset = fit_to_stand_in(actor)
        self.fields["kinds"].choices = [(name, handlers.label) for name, handlers in kinds().items()]

    def clean(self) -> dict[str, Any]:
        """Tell at once if the days are in the wrong order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return cleaned

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment, and the first moment after the last day, in the reader's zone."""
        return _midnight(self.cleaned_data["starts_on"]), _midnight(
            self.cleaned_data["ends_on"] + timedelta(days=1)
        )


def fit_to_stand_in(actor: User) -> QuerySet[User]:
    """Return the active users without a role that must stay apart from deciding."""
    apart = RoleGrant.objects.filter(role__in=[role.value for role in NO_STANDING_IN], state="approved")
    users = User.objects.filter(is_active=True).exclude(pk=actor.pk).exclude(pk__in=apart.values("user_id"))
    return users.order_by("display_name", "username")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
