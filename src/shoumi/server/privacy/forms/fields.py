"""Fields of the privacy app: words of the pack, persons and departments of one legal entity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.models import Department, LegalEntity, Person

CHOOSE = ("", _("Choose…"))


class EntityForm(forms.Form):
    """In which legal entity something is recorded."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label=_("Legal entity"))

    def __init__(self, *args: Any, entities: Any, **kwargs: Any) -> None:
        """Offer the entities of the user."""
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities


def departments_field(entity: LegalEntity, label: Any, help_text: Any = "") -> forms.Field:
    """Return a field for departments of an entity; none need be chosen."""
    rows = Department.objects.filter(entity=entity, closed_on__isnull=True)
    return forms.ModelMultipleChoiceField(rows, label=label, required=False, help_text=help_text)


def persons_field(
    entity: LegalEntity, label: Any, *, many: bool = False, required: bool = True
) -> forms.Field:
    """Return a field for one person or several of an entity."""
    rows = Person.objects.filter(entity=entity).order_by("reading", "name")
    if many:
        return forms.ModelMultipleChoiceField(rows, label=label, required=required)
    return forms.ModelChoiceField(rows, label=label, required=required)
