"""Forms of entry: standing permissions, visits, the door."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.people.forms.fields import DayField, MomentField
from shoumi.server.people.models import Department, Person, Post
from shoumi.server.people.models.organisation import TIME_ZONES
from shoumi.server.places.forms import choices
from shoumi.server.places.models import EntryPermission, Zone
from shoumi.server.places.queries.standards import rules_for, said
from shoumi.server.places.services.admission import AtTheDoor
from shoumi.server.places.services.entry import Wish
from shoumi.server.places.services.visits import Coming, VisitWish


class PermissionForm(forms.Form):
    """Who shall enter a zone, and how long."""

    kind = forms.ChoiceField(label=_("For"), choices=EntryPermission.Kind.choices)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"), required=False)
    post = forms.ModelChoiceField(Post.objects.none(), label=_("Post"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Department"),
        required=False,
        help_text=_("With all departments below it."),
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), help_text=_("The last day; at most one year."))
    reason = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: Any, user: User, zone: Zone, **kwargs: Any) -> None:
        """Offer the persons, posts and departments of the zone's entity."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = choices.persons(user, entity=zone.entity)
        departments = Department.objects.filter(entity=zone.entity, closed_on__isnull=True).order_by("path")
        self.fields["department"].queryset = departments
        posts = Post.objects.filter(department__in=departments, closed_on__isnull=True)
        self.fields["post"].queryset = posts.select_related("department").order_by(
            "department__path", "title"
        )
        self.fields["post"].label_from_instance = lambda post: f"{post.department} · {post}"

    def clean(self) -> dict[str, Any]:
        """Ask for the one that the kind names."""
        values = super().clean() or {}
        kind = values.get("kind")
        if kind and not values.get(kind) and kind not in self.errors:
            self.add_error(kind, _("Choose one."))
        return values

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        values = self.cleaned_data
        return Wish(values[values["kind"]], values["starts_on"], values["ends_on"], values["reason"])


class VisitForm(forms.Form):
    """When who comes, to whom, and why."""

    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Zone"))
    host = forms.ModelChoiceField(Person.objects.none(), label=_("Host"))
    escort = forms.ModelChoiceField(
        Person.objects.none(), label=_("Escort"), required=False, help_text=_("Who stays with the visitors.")
    )
    organisation = forms.CharField(
        label=pgettext_lazy("of a guest", "Organisation"), max_length=200, required=False
    )
    purpose = forms.CharField(label=pgettext_lazy("visit", "Purpose"), max_length=400)
    starts_at = MomentField(label=_("From"), help_text=_("In the time of the zone's legal entity."))
    ends_at = MomentField(label=_("Until"))
    visitors = forms.CharField(
        label=_("Visitors"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line; the telephone after a comma. Shown masked, and erased after a time."),
    )

    def __init__(self, *args: Any, user: User, zones: Any, **kwargs: Any) -> None:
        """Offer `zones`, a queryset, and the persons whom `user` may look up."""
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones
        rows = choices.persons(user)
        self.fields["host"].queryset = rows
        self.fields["escort"].queryset = rows

    @property
    def wish(self) -> VisitWish:
        """What is asked for, with times in the zone's own time zone."""
        values = self.cleaned_data
        place = ZoneInfo(TIME_ZONES[values["zone"].entity.country])
        lines = [line for line in values["visitors"].splitlines() if line.strip()]
        return VisitWish(
            host=values["host"],
            purpose=values["purpose"],
            starts_at=values["starts_at"].replace(tzinfo=place),
            ends_at=values["ends_at"].replace(tzinfo=place),
            visitors=[_coming(line) for line in lines],
            organisation=values["organisation"],
            escort=values["escort"],
        )


def _coming(line: str) -> Coming:
    name, _comma, phone = line.replace("，", ",").replace("、", ",").partition(",")
    return Coming(name.strip(), phone.strip())


class DoorForm(forms.Form):
    """What whoever keeps the entrance saw and did."""

    devices = forms.MultipleChoiceField(
        label=_("Devices they have with them"), required=False, widget=forms.CheckboxSelectMultiple
    )
    locker = forms.CharField(
        label=_("Locker"),
        max_length=20,
        required=False,
        help_text=_("Where the devices lie now. Empty: they were not handed in."),
    )
    pledged = forms.BooleanField(label=_("The visitor has read the pledge and agrees"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, zone: Zone, pledge: bool, **kwargs: Any) -> None:
        """Offer the devices of the zone's pack; ask for the pledge where it is still missing."""
        super().__init__(*args, **kwargs)
        self.fields["devices"].choices = [
            (item.id, said(item.names)) for item in rules_for(zone.entity).devices
        ]
        if not pledge:
            del self.fields["pledged"]

    @property
    def door(self) -> AtTheDoor:
        """What was seen and done."""
        values = self.cleaned_data
        return AtTheDoor(
            tuple(values["devices"]), values["locker"], values.get("pledged", False), values["note"]
        )


class EmployeeForm(forms.Form):
    """Which employee stands at the door."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Employee"))

    def __init__(self, *args: Any, user: User, zone: Zone, **kwargs: Any) -> None:
        """Offer the persons of the zone's entity."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = choices.persons(user, entity=zone.entity)


class RevealForm(forms.Form):
    """Which detail of a visitor is shown, and why."""

    field = forms.CharField(max_length=20)
    purpose = forms.CharField(label=_("Reason"), max_length=300, required=False)
