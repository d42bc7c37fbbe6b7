"""Forms of legal entities, departments and posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import LEVELS, Country, Department, LegalEntity, Person

__all__ = ["DepartmentForm", "DepartmentMoveForm", "EntityForm", "LevelForm", "PostForm", "VersionForm"]


class EntityForm(VersionForm):
    """A legal entity; the country is fixed once it exists."""

    code = forms.CharField(
        label=_("Short code"), max_length=16, help_text=_("Begins the numbers of secrets, such as SM.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=Country.choices, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    name_ja = forms.CharField(label=_("Japanese name"), max_length=200, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    registration_number = forms.CharField(label=_("Registration number"), max_length=40, required=False)

    def __init__(self, *args: Any, entity: LegalEntity | None = None, **kwargs: Any) -> None:
        """Show `entity`, or nothing for a new one."""
        initial: dict[str, Any] = {"expected_version": 1}
        if entity is not None:
            initial = {name: getattr(entity, name) for name in self.base_fields if hasattr(entity, name)}
            initial["expected_version"] = entity.version
        super().__init__(*args, initial=initial, **kwargs)
        if entity is not None:
            del self.fields["country"]

    @property
    def names(self) -> dict[str, str]:
        """The names by language."""
        return {language: self.cleaned_data[f"name_{language}"] for language in ("zh", "ja", "en")}


class DepartmentForm(VersionForm):
    """A department; where it stands is chosen when it is made, and changed by moving it."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Part of"),
        required=False,
        empty_label=_("Directly below the entity"),
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Head of the department"),
        required=False,
        empty_label=_("Nobody named"),
    )

    def __init__(
        self,
        *args: Any,
        parents: Any = None,
        owners: Any = None,
        department: Department | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer `parents` and `owners` (querysets); show `department`, or nothing for a new one."""
        initial: dict[str, Any] = {"expected_version": 1, **(kwargs.pop("initial", None) or {})}
        if department is not None:
            initial |= {"code": department.code, "name": department.name, "owner": department.owner_id}
            initial["expected_version"] = department.version
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["owner"].queryset = Person.objects.none() if owners is None else owners
        if parents is None:
            del self.fields["parent"]
        else:
            self.fields["parent"].queryset = parents


class DepartmentMoveForm(VersionForm):
    """Where a department shall stand."""

    parent = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Part of"),
        required=False,
        empty_label=_("Directly below the entity"),
    )

    def __init__(self, *args: Any, department: Department, parents: Any, **kwargs: Any) -> None:
        """Offer `parents`, a queryset."""
        initial = {"expected_version": department.version, "parent": department.parent_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["parent"].queryset = parents


class PostForm(VersionForm):
    """A post; its level only for whoever may set it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    level = forms.TypedChoiceField(label=_("Secrecy level"), choices=LEVELS, coerce=int, initial=0)
    level_reason = forms.CharField(label=_("Reason of the level"), max_length=400, required=False)

    def __init__(self, *args: Any, may_set_level: bool, **kwargs: Any) -> None:
        """Leave out the level where it may not be set."""
        kwargs["initial"] = {"expected_version": 1, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not may_set_level:
            del self.fields["level"]
            del self.fields["level_reason"]


class LevelForm(VersionForm):
    """The level of a post and why."""

    level = forms.TypedChoiceField(label=_("Secrecy level"), choices=LEVELS, coerce=int)
    reason = forms.CharField(
        label=_("Reason of the level"),
        max_length=400,
        help_text=_("What this post deals with, and how great the risk is."),
    )
