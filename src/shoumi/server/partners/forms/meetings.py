"""Forms of meetings: the three parts of a plan, participants, pledges, papers, copies."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.partners.models import Handout, Meeting, Paper, Participant
from shoumi.server.partners.queries.visible import departments_to_plan_for
from shoumi.server.people.forms.fields import MomentField
from shoumi.server.people.models import LEVELS, Department, LegalEntity, Person
from shoumi.server.people.models.organisation import TIME_ZONES
from shoumi.server.people.queries import persons_visible
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.standards import rules_for, said
from shoumi.server.places.queries.visible import zones_visible_to
from shoumi.server.register.models import ThirdParty, TradeSecret
from shoumi.server.register.queries.operations.lists import third_parties_visible_to
from shoumi.server.register.queries.secrets import secrets_visible_to


class SubjectPart(forms.Form):
    """What is spoken of, and who leads it."""

    title = forms.CharField(label=_("Subject"), max_length=200, help_text=_("Without anything secret in it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)
    level = forms.TypedChoiceField(label=_("Highest level spoken of"), choices=LEVELS[1:], coerce=int)
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Responsible department"))
    host = forms.ModelChoiceField(Person.objects.none(), label=pgettext_lazy("meeting", "Led by"))

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the departments and persons of `entity`."""
        super().__init__(*args, **kwargs)
        departments = departments_to_plan_for(user).filter(entity=entity)
        self.fields["department"].queryset = departments.order_by("path")
        self.fields["host"].queryset = persons_visible(user).filter(entity=entity)


class PlacePart(forms.Form):
    """When and where, in the time of the legal entity."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Zone"), required=False)
    place = forms.CharField(
        label=_("Place outside the company"),
        max_length=200,
        required=False,
        help_text=_("If it takes place in no zone."),
    )
    place_reason = forms.CharField(
        label=_("Why the place keeps the secret"),
        max_length=400,
        required=False,
        help_text=_("Needed where it is no secret zone of this level."),
    )

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the open zones of `entity`."""
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            self.fields[name].at(ZoneInfo(TIME_ZONES[entity.country]))
        self.fields["zone"].queryset = zones_visible_to(user).filter(entity=entity, closed_on__isnull=True)


class RulesPart(forms.Form):
    """Where participants may move, and what stays outside."""

    area = forms.CharField(label=_("Where participants may move"), max_length=300, required=False)
    devices = forms.MultipleChoiceField(
        label=_("Devices that stay outside"), widget=forms.CheckboxSelectMultiple, required=False
    )
    device_rule = forms.CharField(label=_("What holds for other devices"), max_length=300, required=False)

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the kinds of devices that the pack knows."""
        del user
        super().__init__(*args, **kwargs)
        self.fields["devices"].choices = [(item.id, said(item.names)) for item in rules_for(entity).devices]


class ParticipantForm(forms.Form):
    """A person of the company, or an outsider."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person of the company"), required=False)
    name = forms.CharField(label=_("Or name of an outsider"), max_length=80, required=False)
    organisation = forms.CharField(
        label=pgettext_lazy("of a guest", "Organisation"), max_length=200, required=False
    )
    third_party = forms.ModelChoiceField(
        ThirdParty.objects.none(),
        label=_("Third party with an agreement"),
        required=False,
        help_text=_("Then its agreement stands in for a pledge."),
    )
    hears_secrets = forms.BooleanField(label=_("Takes part in what is secret"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, meeting: Meeting, **kwargs: Any) -> None:
        """Offer who is not named yet."""
        super().__init__(*args, **kwargs)
        named = meeting.participants.filter(person__isnull=False).values("person")
        entity = meeting.department.entity_id
        self.fields["person"].queryset = persons_visible(user).filter(entity=entity).exclude(pk__in=named)
        self.fields["third_party"].queryset = third_parties_visible_to(user)


class PledgeForm(forms.Form):
    """The signed paper."""

    pledge = StoredFileField(label=_("Signed pledge"), multiple=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files."""
        super().__init__(*args, **kwargs)
        self.fields["pledge"].for_user(user)


class TellForm(forms.Form):
    """Who was told."""

    participants = forms.ModelMultipleChoiceField(
        Participant.objects.none(), label=_("Told now"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        """Offer `rows`, all of them ticked."""
        super().__init__(*args, **kwargs)
        self.fields["participants"].queryset = rows
        self.fields["participants"].initial = [row.pk for row in rows]


class PaperForm(forms.Form):
    """A paper that will be handed out."""

    title = forms.CharField(label=_("Title"), max_length=200)
    secret = forms.ModelChoiceField(TradeSecret.objects.none(), label=_("Trade secret in it"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the secrets that the user sees."""
        super().__init__(*args, **kwargs)
        self.fields["secret"].queryset = secrets_visible_to(user).exclude(number="")


class HandOutForm(forms.Form):
    """Which paper goes to whom."""

    paper = forms.ModelChoiceField(Paper.objects.none(), label=_("Paper"))
    participants = forms.ModelMultipleChoiceField(
        Participant.objects.none(), label=_("A copy for"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        """Offer the papers of the meeting and those who take part in what is secret."""
        super().__init__(*args, **kwargs)
        self.fields["paper"].queryset = meeting.papers.all()
        hearing = meeting.participants.filter(hears_secrets=True).select_related("person")
        self.fields["participants"].queryset = hearing


class CountForm(forms.Form):
    """Which copies are back, and what became of one that is not."""

    returned = forms.ModelMultipleChoiceField(
        Handout.objects.none(), label=_("Back"), widget=forms.CheckboxSelectMultiple, required=False
    )
    lost = forms.ModelChoiceField(Handout.objects.none(), label=_("Does not come back"), required=False)
    missing = forms.CharField(label=_("What became of it"), max_length=300, required=False)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        """Offer the copies that are out."""
        super().__init__(*args, **kwargs)
        for name in ("returned", "lost"):
            field = self.fields[name]
            field.queryset = rows
            field.label_from_instance = lambda row: f"{row.paper} · {row.number} · {row.participant}"

    def clean(self) -> dict[str, Any]:
        """Ask for words about a copy that does not come back, and for at least one copy."""
        data = super().clean() or {}
        if data.get("lost") and not data.get("missing", "").strip():
            self.add_error("missing", _("Say what became of it."))
        if not data.get("returned") and not data.get("lost"):
            self.add_error("returned", _("Tick what is back."))
        return data


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
