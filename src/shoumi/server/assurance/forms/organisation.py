"""Forms of the leading body, letters, the office, departments, duties and technical measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.governance import load_governance
from shoumi.server.assurance.forms.fields import DayField, EntityForm, FileField, PersonField, PersonsField
from shoumi.server.assurance.forms.fields import lines_field as lines
from shoumi.server.assurance.models import (
    AuthorisationLetter,
    BodyMember,
    LeadingBody,
    ManagementOffice,
    TechnicalMeasure,
)
from shoumi.server.people.models import LEVELS, Department


class BodyForm(EntityForm):
    """A leading body to be set up."""

    form = forms.ChoiceField(label=_("Form"), choices=LeadingBody.Form.choices)
    name = forms.CharField(label=_("Name of the body"), max_length=120)
    since = DayField(label=_("From"))
    decision = FileField(label=_("Founding decision"), required=False)


class SeatForm(EntityForm):
    """A seat in the leading body."""

    person = PersonField(label=_("Person"))
    seat = forms.ChoiceField(label=_("Seat"), choices=BodyMember.Seat.choices)
    since = DayField(label=_("From"))


class MeetingForm(EntityForm):
    """A meeting that took place."""

    held_on = DayField(label=_("Held on"))
    subject = forms.CharField(label=_("Subject"), max_length=200)
    attendees = PersonsField(label=_("Present"))
    minutes = FileField(label=_("Minutes"))


class ResolutionForm(EntityForm):
    """A resolution to be carried out."""

    text = lines(_("What was resolved"))
    owner = PersonField(label=_("Carried out by"))
    due_on = DayField(label=_("Due on"))


class OutcomeForm(EntityForm):
    """What became of a resolution."""

    done = forms.ChoiceField(
        label=_("Outcome"), choices=(("yes", _("Carried out")), ("no", _("Will not be carried out")))
    )
    outcome = lines(_("What was done, or why not"))
    proof = FileField(label=_("Proof"), required=False)


class LetterForm(EntityForm):
    """A signed letter of authorisation."""

    capacity = forms.ChoiceField(label=_("Capacity"), choices=AuthorisationLetter.Capacity.choices)
    holder = PersonField(label=_("Authorised person"))
    parent = forms.ModelChoiceField(
        AuthorisationLetter.objects.none(),
        label=_("On the strength of"),
        required=False,
        empty_label=_("Nobody: this is the legal representative"),
        help_text=_("The letter of whoever signed this one."),
    )
    scope = forms.CharField(label=_("What it covers"), max_length=400)
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"), required=False)
    letter = FileField(label=_("Signed letter"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the letters of the legal entity that are not revoked."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = AuthorisationLetter.objects.filter(
            entity=self.entity, revoked_on=None
        ).select_related("holder")


class OfficeForm(EntityForm):
    """The management office."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    form = forms.ChoiceField(label=_("Form"), choices=ManagementOffice.Form.choices)
    since = DayField(label=_("From"))


class StaffForm(EntityForm):
    """Somebody on the staff of the office."""

    person = PersonField(label=_("Person"))
    full_time = forms.BooleanField(label=_("Full time"), required=False)
    duties = forms.CharField(label=_("Duties"), max_length=200, required=False)
    since = DayField(label=_("From"))


class CooperationForm(EntityForm):
    """A department that cooperates."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    reason = forms.CharField(label=_("Which secrets it deals with"), max_length=400, required=False)
    since = DayField(label=_("From"))


class OfficerForm(EntityForm):
    """The secrecy officer of a department."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    person = PersonField(label=_("Person"))
    full_time = forms.BooleanField(label=_("Full time"), required=False)
    letter = forms.ModelChoiceField(
        AuthorisationLetter.objects.none(),
        label=_("Letter of authorisation"),
        required=False,
        empty_label=_("Without a letter"),
    )
    since = DayField(label=_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the officers' letters of the legal entity."""
        super().__init__(*args, **kwargs)
        letters = AuthorisationLetter.objects.filter(entity=self.entity, revoked_on=None)
        self.fields["letter"].queryset = letters.select_related("holder")


class EvidenceForm(EntityForm):
    """Proof that a duty was done."""

    duty = forms.ChoiceField(label=_("Duty"))
    day = DayField(label=_("Day"))
    text = forms.CharField(label=_("What was done"), max_length=400)
    file = FileField(label=_("File"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the duties of the pack."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["duty"].choices = [
            (duty.id, duty.names.in_language(language)) for duty in load_governance(self.entity.pack).duties
        ]


class MeasureForm(EntityForm):
    """A technical measure."""

    step = forms.ChoiceField(label=_("Business step"), choices=TechnicalMeasure.Step.choices)
    name = forms.CharField(label=_("Measure"), max_length=200)
    level = forms.TypedChoiceField(label=_("From which level on"), choices=LEVELS[1:], coerce=int)
    keeper = forms.ModelChoiceField(Department.objects.none(), label=_("Department in charge"))
    since = DayField(label=_("In place since"))
    note = forms.CharField(label=_("How it works"), max_length=400, required=False)
