"""Forms of visits of authorities: the visit, a paper, the receipt, its refusal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.partners.models import AuthorityPaper
from shoumi.server.partners.queries.partners import departments_to_keep_for
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import persons_visible
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to


class AuthorityForm(forms.Form):
    """Who inspects what, on which day, and who goes with them."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Responsible department"))
    authority = forms.CharField(label=_("Authority"), max_length=200)
    subject = forms.CharField(label=_("What is inspected"), max_length=200)
    order = forms.CharField(label=_("Number of their paper"), max_length=80, required=False)
    officials = forms.CharField(label=_("Officials"), max_length=300)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    accompanied = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Accompanied by"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the departments and persons of `user`."""
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_to_keep_for(user)
        self.fields["accompanied"].queryset = persons_visible(user)


class AuthorityPaperForm(forms.Form):
    """A paper that they ask for."""

    title = forms.CharField(label=_("Title"), max_length=200)
    secret = forms.ModelChoiceField(TradeSecret.objects.none(), label=_("Trade secret in it"), required=False)
    way = forms.ChoiceField(label=_("What they do with it"), choices=AuthorityPaper.Way.choices)
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=999, initial=1)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the secrets that the user sees."""
        super().__init__(*args, **kwargs)
        self.fields["secret"].queryset = secrets_visible_to(user).exclude(number="")


class ReceiptForm(forms.Form):
    """The signed receipt."""

    file = StoredFileField(label=_("Signed receipt"), multiple=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files."""
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)


class RefusalForm(forms.Form):
    """Why it was not signed, and who saw it."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    witnesses = forms.ModelMultipleChoiceField(Person.objects.none(), label=_("Two witnesses"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the persons whom the user may look up."""
        super().__init__(*args, **kwargs)
        self.fields["witnesses"].queryset = persons_visible(user)
