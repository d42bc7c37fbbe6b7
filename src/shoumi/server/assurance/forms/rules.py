"""Forms of rule documents: begun, edited clause by clause, bound to people, taken through the procedure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.documents import load_documents
from shoumi.server.assurance.forms.fields import DayField, EntityForm, FileField
from shoumi.server.assurance.forms.fields import lines_field as lines
from shoumi.server.assurance.models import LANGUAGES, RuleVersion
from shoumi.server.assurance.services.rules import AudienceValue
from shoumi.server.people.models import Department, Post


class StartForm(EntityForm):
    """Which document to begin, in which language."""

    code = forms.ChoiceField(label=_("Document"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the templates of the pack."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["code"].choices = [
            (item.id, item.names.in_language(language)) for item in load_documents(self.entity.pack)
        ]
        self.fields["language"].initial = {"cn": "zh", "jp": "ja"}[self.entity.pack]


class ClauseForm(EntityForm):
    """One clause."""

    heading = forms.CharField(label=_("Heading"), max_length=120)
    text = lines(_("Text"), rows=9)
    reason = forms.CharField(
        label=_("Why it departs from the template"),
        max_length=400,
        required=False,
        help_text=_("Needed as soon as the words are not those of the template."),
    )


class AudienceForm(EntityForm):
    """Whom a rule binds."""

    everybody = forms.BooleanField(label=_("Everybody in the legal entity"), required=False)
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Departments with all below them"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(),
        label=_("Posts"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )

    def __init__(self, *args: Any, version: RuleVersion, **kwargs: Any) -> None:
        """Show whom `version` binds now, and offer the posts of the legal entity."""
        rows = list(version.audience.all())
        kwargs["initial"] = {
            "expected_version": version.version,
            "everybody": any(row.entity_id for row in rows),
            "departments": [row.department_id for row in rows if row.department_id],
            "posts": [row.post_id for row in rows if row.post_id],
        }
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(department__entity=self.entity, closed_on=None)
        self.fields["posts"].queryset = posts.select_related("department").order_by(
            "department__code", "title"
        )
        self.fields["posts"].label_from_instance = lambda post: f"{post.department} · {post.title}"

    @property
    def audience(self) -> AudienceValue:
        """Whom it shall bind; the form is valid."""
        data = self.cleaned_data
        return AudienceValue(data["everybody"], list(data["departments"]), list(data["posts"]))


class StepForm(EntityForm):
    """A step of the procedure that was taken."""

    day = DayField(label=_("Day"))
    participants = forms.CharField(label=_("Participants, and how many"), max_length=400)
    outcome = lines(_("Opinions, and how they were answered"), required=False, rows=4)
    waived = forms.BooleanField(
        label=_("Not required here"), required=False, help_text=_("Say above why it is not required.")
    )
    file = FileField(label=_("Record"), required=False)

    def __init__(self, *args: Any, waivable: bool, **kwargs: Any) -> None:
        """Leave out what the step does not allow."""
        super().__init__(*args, **kwargs)
        if not waivable:
            del self.fields["waived"]
            self.fields["file"].required = True


class PublishForm(EntityForm):
    """The publication."""

    day = DayField(label=_("Published on"))
    means = forms.CharField(label=_("By which means, and to whom"), max_length=400)
    in_force_from = DayField(label=_("In force from"))
    file = FileField(label=_("Proof of the publication"))


class RetireForm(EntityForm):
    """The end of a rule that nothing replaces."""

    until = DayField(label=_("No longer in force from"))
    reason = forms.CharField(label=_("Reason"), max_length=400)
