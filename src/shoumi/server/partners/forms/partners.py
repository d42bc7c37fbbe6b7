"""Forms of partners: who they are, the filing of an agreement, the responsible person's sign-in, the end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.partners.models import Filing, Partner
from shoumi.server.partners.queries.partners import departments_to_keep_for, unfiled
from shoumi.server.people.models import Department, EngagementKind
from shoumi.server.register.models import ConfidentialityAgreement


class PartnerForm(forms.Form):
    """Who it is, what they do for us, and who answers for them."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Responsible department"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Partner.Kind.choices)
    name = forms.CharField(label=_("Name of the partner"), max_length=200)
    registration_number = forms.CharField(label=_("Registration number"), max_length=60, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    work = forms.CharField(label=_("What they do for us"), max_length=200, required=False)
    manager_name = forms.CharField(
        label=_("Their responsible person"),
        max_length=80,
        required=False,
        help_text=_("Needed for contractors and dispatch agencies: what their workers are to do goes there."),
    )
    manager_contact = forms.CharField(
        label=_("How to reach the responsible person"), max_length=200, required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the departments for which `user` keeps partners."""
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_to_keep_for(user)


class FilingForm(forms.Form):
    """The five parts of a signed agreement, its number and its place."""

    agreement = forms.ModelChoiceField(ConfidentialityAgreement.objects.none(), label=_("Signed agreement"))
    number = forms.CharField(
        label=_("Filing number"),
        max_length=40,
        required=False,
        help_text=_("Left empty, it gets the next number of the year."),
    )
    form = forms.ChoiceField(label=_("Form"), choices=Filing.Form.choices)
    content = forms.CharField(label=_("What is secret, and how far"), max_length=1000, widget=forms.Textarea)
    period = forms.CharField(label=_("How long it stays secret"), max_length=200)
    duties = forms.CharField(label=_("Duties of secrecy"), max_length=1000, widget=forms.Textarea)
    liability = forms.CharField(label=_("Liability for a breach"), max_length=1000, widget=forms.Textarea)
    filed_where = forms.CharField(label=_("Where the paper is filed"), max_length=200)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        """Offer the agreements that are not filed yet."""
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = unfiled(partner)


class ManagerForm(forms.Form):
    """The sign-in of the responsible person."""

    manager = forms.ModelChoiceField(User.objects.none(), label=_("Sign-in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer sign-ins that are no employee's."""
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(is_active=True)
        own = EngagementKind.EMPLOYEE
        self.fields["manager"].queryset = rows.exclude(person__engagements__kind=own).order_by("username")


class EndForm(forms.Form):
    """From when on the work is over, and why."""

    day = forms.DateField(
        label=_("Ended on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
