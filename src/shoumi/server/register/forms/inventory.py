"""Forms of inventories: what is counted, and how a difference was cleared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import Department, Person
from shoumi.server.places.models import Zone
from shoumi.server.register.forms.carriers import NOBODY, zones_of
from shoumi.server.register.models import Inventory
from shoumi.server.register.queries.choosing import persons_of


class InventoryForm(forms.Form):
    """A new inventory of a department, a zone or a keeper."""

    title = forms.CharField(label=_("Title"), max_length=120)
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    scope = forms.ChoiceField(label=_("What is counted"), choices=Inventory.Scope.choices)
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=_("Zone"), required=False, empty_label=_("No zone")
    )
    keeper = forms.ModelChoiceField(
        Person.objects.none(), label=_("Keeper"), required=False, empty_label=NOBODY
    )
    due_on = DayField(label=_("To be done by"))

    def __init__(self, *args: Any, departments: Sequence[Department], **kwargs: Any) -> None:
        """Offer `departments`, and the zones and persons of their entities."""
        super().__init__(*args, **kwargs)
        entities = {row.entity_id for row in departments}
        self.fields["department"].queryset = Department.objects.filter(
            pk__in=[row.pk for row in departments]
        ).order_by("entity", "code")
        zones, persons = Zone.objects.none(), Person.objects.none()
        for entity_id in entities:
            zones, persons = zones | zones_of(entity_id), persons | persons_of(entity_id)
        self.fields["zone"].queryset, self.fields["keeper"].queryset = zones, persons

    def clean(self) -> dict[str, Any]:
        """Keep the zone or keeper only where that is what is counted."""
        values = super().clean() or {}
        for scope in (Inventory.Scope.ZONE, Inventory.Scope.KEEPER):
            if values.get("scope") != scope:
                values[scope] = None
            elif not values.get(scope):
                self.add_error(scope, _("Say which one is counted."))
        return values
