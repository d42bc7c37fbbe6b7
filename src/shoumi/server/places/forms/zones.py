"""Forms of zones: what a zone is, closing it, declining a suggestion, the retention of visitors' details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.places.forms import choices
from shoumi.server.places.models import Zone
from shoumi.server.places.services.zones import ZoneFacts


class ZoneForm(VersionForm):
    """What a zone is; the legal entity is fixed once it exists."""

    unit = forms.ChoiceField(label=_("Responsible department"))
    code = forms.CharField(label=_("Code"), max_length=32)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    location = forms.CharField(
        label=_("Where it is"), max_length=200, required=False, help_text=_("Building, floor, room.")
    )
    kind = forms.ChoiceField(label=_("Kind and level"))
    ground = forms.ChoiceField(
        label=_("Why it is a secret zone"), required=False, help_text=_("For secret zones only.")
    )
    ground_reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        required=False,
        help_text=_("Needed where the company itself chooses the zone."),
    )
    bans_devices = forms.BooleanField(
        label=_("No phones or other devices inside"),
        required=False,
        help_text=_("Key places ban them in any case."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        entity: LegalEntity,
        zone: Zone | None = None,
        initial: dict[str, Any] | None = None,
        fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        """Offer what `user` manages; show `zone` if it exists; `fixed` leaves the entity as it is."""
        values: dict[str, Any] = {"expected_version": 1, **(initial or {})}
        if zone is not None:
            department = (
                f"department:{zone.department_id}" if zone.department_id else f"entity:{zone.entity_id}"
            )
            values = {
                "unit": department,
                "code": zone.code,
                "name": zone.name,
                "location": zone.location,
                "kind": f"{zone.kind}:{zone.level}",
                "ground": zone.ground,
                "ground_reason": zone.ground_reason,
                "bans_devices": zone.bans_devices,
                "expected_version": zone.version,
                **(initial or {}),
            }
        super().__init__(*args, initial=values, **kwargs)
        self.fields["unit"].choices = choices.units(user, within=entity if fixed or zone else None)
        self.fields["kind"].choices = choices.kinds()
        self.fields["ground"].choices = choices.grounds(entity)

    @property
    def place(self) -> tuple[LegalEntity, Department | None]:
        """The entity and department that were chosen."""
        kind, _colon, key = self.cleaned_data["unit"].partition(":")
        if kind == choices.WHOLE:
            return LegalEntity.objects.get(pk=key), None
        department = Department.objects.select_related("entity").get(pk=key)
        return department.entity, department

    @property
    def facts(self) -> ZoneFacts:
        """What the zone shall be."""
        kind, level = choices.kind_and_level(self.cleaned_data["kind"])
        names = ("code", "name", "location", "ground", "ground_reason", "bans_devices")
        return ZoneFacts(kind=kind, level=level, **{name: self.cleaned_data[name] for name in names})


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class VersionedReasonForm(VersionForm, ReasonForm):
    """Why something is done to a record that others may edit too."""


class RetentionForm(VersionForm):
    """How long visitors' details are kept."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    days = forms.IntegerField(
        label=_("Days after the visit"), min_value=1, max_value=3650, help_text=_("From 1 to 3650.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
