"""Forms of engagements: beginning, moving, ending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import EndReason, EngagementKind, Post
from shoumi.server.people.services import Terms


class PlaceField(forms.ChoiceField):
    """A department with one of its posts, or without: one select, grouped by department."""

    def offer(self, departments: Any) -> None:
        """Offer the open posts of `departments`, a queryset."""
        self.departments = {str(row.pk): row for row in departments if row.is_open}
        posts = Post.objects.filter(department__in=self.departments, closed_on__isnull=True).order_by("title")
        self.posts = {str(post.pk): post for post in posts}
        choices: list[Any] = [("", "")]
        for key, department in self.departments.items():
            inside = [(f"{key}/{post.pk}", post.title) for post in posts if str(post.department_id) == key]
            choices.append(
                (f"{department.name} ({department.code})", [*inside, (f"{key}/", _("without a post"))])
            )
        self.choices = choices

    def chosen(self, value: str) -> tuple[Any, Any]:
        """Return department and post of a cleaned value."""
        department, _slash, post = value.partition("/")
        return self.departments[department], self.posts.get(post)


class EngagementForm(VersionForm):
    """As what, where and from when somebody works."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EngagementKind.choices)
    place = PlaceField(label=_("Department and post"))
    contractor = forms.CharField(
        label=_("Employing company"),
        max_length=200,
        required=False,
        help_text=_("The contractor or the dispatching company; needed for contractors' workers."),
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Ends on"), required=False, help_text=_("On this day there are no rights any more.")
    )

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        """Offer the posts of `departments`."""
        kwargs["initial"] = {"expected_version": 1, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["place"].offer(departments)

    @property
    def terms(self) -> Terms:
        """The terms as the services take them; the form is valid."""
        values = self.cleaned_data
        department, post = self.fields["place"].chosen(values["place"])
        return Terms(
            kind=values["kind"],
            department=department,
            post=post,
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            contractor=values["contractor"],
        )


class MoveForm(EngagementForm):
    """Where somebody goes, and from when; the old engagement ends on that day."""

    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class EndForm(VersionForm):
    """When and why an engagement ends; `sure` is the confirmation."""

    ends_on = DayField(label=_("Ends on"), help_text=_("On this day there are no rights any more."))
    reason = forms.ChoiceField(
        label=_("Reason of the end"),
        choices=[choice for choice in EndReason.choices if choice[0] != EndReason.MOVED],
    )
    note = forms.CharField(label=_("Note on the end"), max_length=400, required=False)
    sure = forms.BooleanField(label=_("I have checked the person and the day."))
