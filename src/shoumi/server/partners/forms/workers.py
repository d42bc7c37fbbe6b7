"""Forms of outsiders working here, of what their companies are asked for, and of signs of a leak."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.partners.models import Access, Duty, Partner, Signal, Worker
from shoumi.server.partners.queries.workers import engagements_to_tie, workers
from shoumi.server.people.models import Department, Engagement, LegalEntity
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.visible import zones_visible_to

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WorkerForm(forms.Form):
    """Whose engagement stands under the partner."""

    engagement = forms.ModelChoiceField(
        Engagement.objects.none(),
        label=_("Who works here for them"),
        help_text=_("Persons and their engagements are made by HR, apart from employees."),
    )

    def __init__(self, *args: Any, user: User, partner: Partner, **kwargs: Any) -> None:
        """Offer the engagements that fit."""
        super().__init__(*args, **kwargs)
        self.fields["engagement"].queryset = engagements_to_tie(user, partner)


class WorkerPledgeForm(forms.Form):
    """The signed pledge."""

    file = StoredFileField(label=_("Signed pledge"), multiple=False)
    pledged_on = forms.DateField(label=_("Pledged on"), widget=DAY)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files."""
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)


class EquipmentForm(forms.Form):
    """On what they work."""

    computer = forms.ChoiceField(label=_("Computer"), choices=Worker.Computer.choices)
    device = forms.CharField(label=_("Which computer"), max_length=120, required=False)
    encrypted = forms.BooleanField(label=_("What is stored on it is encrypted"), required=False)
    proof = StoredFileField(label=_("Proof"), multiple=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files."""
        super().__init__(*args, **kwargs)
        self.fields["proof"].for_user(user)


class AccessForm(forms.Form):
    """What is opened."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Access.Kind.choices)
    what = forms.CharField(label=_("What is opened"), max_length=200, required=False)
    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Zone"), required=False)

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the open zones of `entity`."""
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones_visible_to(user).filter(entity=entity, closed_on__isnull=True)


class DutyForm(forms.Form):
    """What the company is asked for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Duty.Kind.choices)
    title = forms.CharField(
        label=_("What is asked"),
        max_length=200,
        help_text=_("It goes to the responsible person of the partner; name none of its workers."),
    )
    text = forms.CharField(label=_("Details"), max_length=1000, required=False, widget=forms.Textarea)
    due_on = forms.DateField(label=_("Due on"), widget=DAY)
    every_months = forms.IntegerField(
        label=_("Again after months"), min_value=0, max_value=36, initial=0, help_text=_("0: only once.")
    )


class AnswerForm(forms.Form):
    """The answer, with its file."""

    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea)
    file = StoredFileField(label=_("File"), multiple=False, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files."""
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)


class DutyFindingForm(forms.Form):
    """What was found."""

    text = forms.CharField(label=_("What was found"), max_length=600, widget=forms.Textarea)
    due_on = forms.DateField(label=_("To be put right by"), widget=DAY)


class SettleForm(forms.Form):
    """How it was put right."""

    how = forms.CharField(label=_("How it was put right"), max_length=600, widget=forms.Textarea)


class SalesForm(forms.Form):
    """What a customer told of unsolicited sales."""

    happened_on = forms.DateField(label=_("When it happened"), widget=DAY)
    source = forms.CharField(label=_("How it became known"), max_length=200)
    customer = forms.CharField(label=_("Customer"), max_length=120, required=False)
    offered = forms.CharField(label=_("What was offered, from which trade"), max_length=200)
    seeded = forms.CharField(
        label=_("Seeded records that were named"),
        max_length=300,
        required=False,
        help_text=_("Records planted in a customer list that only a leak can bring out."),
    )
    text = forms.CharField(label=_("What happened"), max_length=1000, widget=forms.Textarea)

    def __init__(self, *args: Any, user: User, department: Department, **kwargs: Any) -> None:
        """Take nothing further."""
        del user, department
        super().__init__(*args, **kwargs)


class CarriedForm(forms.Form):
    """What an outsider carried out."""

    worker = forms.ModelChoiceField(Worker.objects.none(), label=_("Outsider"))
    happened_on = forms.DateField(label=_("When it happened"), widget=DAY)
    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Zone"), required=False)
    device = forms.CharField(label=_("Device"), max_length=200)
    source = forms.CharField(label=_("How it became known"), max_length=200)
    text = forms.CharField(label=_("What happened"), max_length=1000, widget=forms.Textarea)

    def __init__(self, *args: Any, user: User, department: Department, **kwargs: Any) -> None:
        """Offer the outsiders and zones of the department's legal entity."""
        super().__init__(*args, **kwargs)
        entity = department.entity_id
        here = workers().filter(engagement__department__entity=entity)
        self.fields["worker"].queryset = here.filter(engagement__department__path__startswith=department.path)
        self.fields["zone"].queryset = zones_visible_to(user).filter(entity=entity)


class JudgeForm(forms.Form):
    """What the secrecy office makes of a sign."""

    is_suspected = forms.TypedChoiceField(
        label=_("Judgement"),
        choices=[
            ("1", Signal.State.SUSPECTED.label),
            ("0", Signal.State.HARMLESS.label),
        ],
        coerce=lambda text: text == "1",
    )
    judgement = forms.CharField(label=_("Reason"), max_length=600, widget=forms.Textarea)
