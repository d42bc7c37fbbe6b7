"""What is asked before a finding is revealed, excepted, or an exception decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.documents.models import MatchException


class RevealForm(forms.Form):
    """Why somebody wants to see what was found."""

    purpose = forms.CharField(
        label=_("Why it is revealed"), max_length=300, help_text=_("The ledger keeps it.")
    )


class ExceptionForm(forms.Form):
    """Why a finding is harmless, how far that reaches, and until when."""

    scope = forms.ChoiceField(
        label=pgettext_lazy("exception", "What it covers"),
        choices=MatchException.Scope.choices,
        initial=MatchException.Scope.FILE,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why it is harmless"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    expires_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("At most a year.")
    )


class DecisionForm(forms.Form):
    """Whether an exception is agreed to."""

    agree = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Agree")), ("no", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer"), max_length=300, required=False)
