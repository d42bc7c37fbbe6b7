"""What the forms of assurance share: they know who asks and for which legal entity, and offer its people.

Choices are scoped here; what may be done with them is asked by the services.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.assurance.queries.bodies import persons_choosable
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import Department, LegalEntity, Person

__all__ = ["DayField", "EntityForm", "FileField", "PersonField", "PersonsField", "lines_field"]


class PersonField(forms.ModelChoiceField):
    """Somebody who works in the legal entity."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what `ModelChoiceField` takes."""
        super().__init__(Person.objects.none(), **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        """Return name and number, so that namesakes can be told apart."""
        return f"{obj.name} ({obj.number})"


class PersonsField(forms.ModelMultipleChoiceField):
    """Several persons who work in the legal entity."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what `ModelMultipleChoiceField` takes."""
        super().__init__(Person.objects.none(), widget=forms.SelectMultiple(attrs={"size": 8}), **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        """Return name and number."""
        return f"{obj.name} ({obj.number})"


class FileField(StoredFileField):
    """One file."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what `StoredFileField` takes."""
        super().__init__(multiple=False, **kwargs)


def lines_field(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> forms.CharField:
    """Return a field for a text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class EntityForm(VersionForm):
    """A form about a legal entity: it offers its persons and departments, and takes the actor's files."""

    def __init__(self, *args: Any, actor: User, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer what belongs to `entity`."""
        kwargs["initial"] = {"expected_version": 1, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.entity = entity
        people = Person.objects.filter(persons_choosable([entity])).distinct()
        departments = Department.objects.filter(entity=entity, closed_on=None).order_by("code")
        for field in self.fields.values():
            if isinstance(field, PersonField | PersonsField):
                field.queryset = people.order_by("reading", "name", "number")
            elif isinstance(field, StoredFileField):
                field.for_user(actor)
            elif isinstance(field, forms.ModelChoiceField) and field.queryset.model is Department:
                field.queryset = departments


class UntilForm(EntityForm):
    """The last day on which something holds."""

    until = DayField(label=_("Last day"))


class ReasonForm(EntityForm):
    """Why something is taken back or struck out."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
