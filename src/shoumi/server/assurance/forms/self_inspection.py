"""Forms of the self-inspection: an inspector's judgement, the profile, and the language of the package."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.assurance.forms.risks import LINES
from shoumi.server.assurance.models import Finding, SelfInspectionRow
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import persons_visible

Result = SelfInspectionRow.Result


class JudgementForm(forms.Form):
    """What the inspector found, with the reason and the proof."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[item for item in Result.choices if item[0] != Result.ASK]
    )
    reason = forms.CharField(label=_("Reason"), widget=LINES, max_length=2000)
    file = StoredFileField(
        label=_("Proof as a file"),
        multiple=False,
        required=False,
        help_text=_("Needed where something is said to be shown."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)


class ProfileForm(forms.Form):
    """Whether the company takes part as a demonstration enterprise."""

    demonstration = forms.BooleanField(label=_("Demonstration enterprise (trial)"), required=False)
    since = DayField(label=_("Since"), required=False)
    authority = forms.CharField(label=_("Chosen by"), max_length=200, required=False)


class PackageForm(forms.Form):
    """In which language the package is made."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PutRightForm(forms.Form):
    """Who puts a gap right, and by when."""

    department = forms.ChoiceField(label=_("Department"))
    owner = forms.ChoiceField(label=_("Put right by"))
    due_on = DayField(label=_("Due on"))
    weight = forms.ChoiceField(label=_("Weight of the finding"), choices=Finding.Weight.choices)

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(entity=entity, closed_on=None).order_by("path")
        persons = persons_visible(user).filter(entity=entity).order_by("reading", "name")
        self.fields["department"].choices = [(str(row.pk), row.name) for row in departments]
        self.fields["owner"].choices = [("", ""), *((str(row.pk), row.name) for row in persons)]
