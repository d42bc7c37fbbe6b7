"""Forms of training: courses, sections, questions, campaigns and the plan.

Choices are scoped here; what may be done with them is asked by the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.training import TrainingTable
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.training.models import LANGUAGES, BankQuestion, Course, CourseVersion, Section
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.services.bank import QuestionText
from shoumi.server.training.services.courses import Measure
from shoumi.server.training.services.sections import SectionContent

Pairs = list[tuple[str, str]]


def part_choices(table: TrainingTable) -> Pairs:
    """Return the parts of a pack in the reader's language."""
    language = get_language() or "en"
    return [(part.id, part.names.in_language(language)) for part in table.parts]


def audience_choices(table: TrainingTable) -> Pairs:
    """Return the audiences of a pack in the reader's language."""
    language = get_language() or "en"
    return [(audience.id, audience.names.in_language(language)) for audience in table.audiences]


def leak_choices(table: TrainingTable) -> Pairs:
    """Return the types of leak of a pack in the reader's language."""
    language = get_language() or "en"
    return [(leak.id, leak.names.in_language(language)) for leak in table.leaks]


class ChooseMany(forms.MultipleChoiceField):
    """Several boxes to tick."""

    widget = forms.CheckboxSelectMultiple


class EntityChoiceForm(forms.Form):
    """Which legal entity is meant, where there is more than one."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label=_("Legal entity"), empty_label=None)

    def __init__(self, *args: Any, entities: Sequence[LegalEntity], **kwargs: Any) -> None:
        """Offer `entities`; with one there is nothing to choose."""
        super().__init__(*args, **kwargs)
        field = self.fields["entity"]
        field.queryset = LegalEntity.objects.filter(pk__in=[row.pk for row in entities])
        field.initial = entities[0] if entities else None
        if len(entities) == 1:
            field.widget = forms.HiddenInput()


class CourseForm(EntityChoiceForm):
    """A new course; what it asks is the pack's proposal until it is changed."""

    title = forms.CharField(label=_("Title"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=(("", _("That of the country")), *LANGUAGES),
        required=False,
        help_text=_("The language of its sections and of its questions."),
    )
    field_order = ("title", "entity", "language")


class MeasureForm(VersionForm):
    """What a version asks and by what measure somebody passes."""

    parts = ChooseMany(label=_("Parts that it teaches"), choices=())
    draw = forms.IntegerField(label=_("Questions in a test"), min_value=1, max_value=100)
    pass_percent = forms.IntegerField(label=_("Pass mark in percent"), min_value=1, max_value=100)
    tries = forms.IntegerField(label=_("Tries"), min_value=1, max_value=20)
    valid_months = forms.IntegerField(
        label=_("Months for which a certificate holds"), min_value=1, max_value=120
    )

    def __init__(self, *args: Any, version: CourseVersion, **kwargs: Any) -> None:
        """Show what `version` has."""
        names = ("parts", "draw", "pass_percent", "tries", "valid_months")
        initial = {name: getattr(version, name) for name in names}
        super().__init__(*args, initial={**initial, "expected_version": version.version}, **kwargs)
        self.fields["parts"].choices = part_choices(table_of(version.course.entity))

    @property
    def measure(self) -> Measure:
        """What was entered."""
        data = self.cleaned_data
        numbers = {name: data[name] for name in ("draw", "pass_percent", "tries", "valid_months")}
        return Measure(parts=tuple(data["parts"]), **numbers)


class ChangesForm(forms.Form):
    """What a new version changes."""

    changes = forms.CharField(
        label=_("What changes"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class SectionForm(VersionForm):
    """A section: words, or a file."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Section.Kind.choices, initial=Section.Kind.TEXT)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("For a section of the kind text; leave a line empty between paragraphs."),
    )
    file = StoredFileField(
        label=_("File"), required=False, multiple=False, help_text=_("A PDF, or an MP4 video.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the files of `user`."""
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)

    def content(self, file: Any) -> SectionContent:
        """Return what was entered, with its file stored by now."""
        data = self.cleaned_data
        return SectionContent(kind=data["kind"], title=data["title"], text=data["text"], file=file)


class QuestionForm(EntityChoiceForm):
    """A question of the company's own, or other words for one there is."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    part = forms.ChoiceField(label=_("Part"), choices=())
    leak = forms.ChoiceField(label=_("Type of leak"), choices=(), required=False)
    text = forms.CharField(label=_("Question"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    options = forms.CharField(
        label=_("Options"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line; begin those that are right with an asterisk (*)."),
    )
    explanation = forms.CharField(
        label=_("Explanation"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        entities: Sequence[LegalEntity],
        question: BankQuestion | None = None,
        **kwargs: Any,
    ) -> None:
        """Show `question`, or nothing for a new one."""
        super().__init__(*args, entities=entities, **kwargs)
        table = table_of(entities[0])
        self.fields["part"].choices = part_choices(table)
        self.fields["leak"].choices = [("", _("none")), *leak_choices(table)]
        if question is not None:
            lines = [
                f"*{option}" if at in question.right else option for at, option in enumerate(question.options)
            ]
            self.initial = {
                "entity": question.entity_id,
                "expected_version": question.version,
                "options": "\n".join(lines),
                **{
                    name: getattr(question, name)
                    for name in ("part", "leak", "text", "explanation", "source")
                },
            }

    def clean_options(self) -> list[tuple[str, bool]]:
        """Return each option, and whether it is right."""
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        return [(line.lstrip("*").strip(), line.startswith("*")) for line in lines]

    @property
    def words(self) -> QuestionText:
        """What was entered."""
        data = self.cleaned_data
        return QuestionText(
            part=data["part"],
            leak=data["leak"],
            text=data["text"],
            options=tuple(option for option, _right in data["options"]),
            right=frozenset(at for at, (_option, right) in enumerate(data["options"]) if right),
            explanation=data["explanation"],
            source=data["source"],
        )


class CampaignForm(forms.Form):
    """A campaign: which course, for whom, by when."""

    course = forms.ModelChoiceField(Course.objects.none(), label=_("Course"), empty_label=None)
    title = forms.CharField(label=_("Title of the campaign"), max_length=120)
    audience = forms.ChoiceField(label=_("Audience"), choices=())
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Only these departments"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("With all departments below them. Without any the whole legal entity is meant."),
    )
    due_on = DayField(label=pgettext_lazy("training", "Due on"))

    def __init__(self, *args: Any, courses: QuerySet[Course], entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the courses and departments of one legal entity."""
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses
        self.fields["audience"].choices = audience_choices(table_of(entity))
        self.fields["departments"].queryset = Department.objects.filter(entity=entity, closed_on=None)


class SessionForm(VersionForm):
    """A training of the plan."""

    title = forms.CharField(label=_("Title"), max_length=120)
    day = DayField(label=_("Day"))
    audiences = ChooseMany(label=_("Audiences"), choices=())
    parts = ChooseMany(label=_("Parts"), choices=())
    course = forms.ModelChoiceField(
        Course.objects.none(),
        label=_("Course"),
        required=False,
        empty_label=_("None: it takes place in a room"),
    )

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer what the pack of `entity` has."""
        super().__init__(*args, **kwargs)
        table = table_of(entity)
        self.fields["audiences"].choices = audience_choices(table)
        self.fields["parts"].choices = part_choices(table)
        self.fields["course"].queryset = Course.objects.filter(entity=entity, retired_on=None)


class HeldForm(VersionForm):
    """That a training took place."""

    held_on = DayField(label=pgettext_lazy("training", "Held on"))
    numbers = forms.CharField(
        label=_("Employee numbers of those who attended"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line, or with commas between them."),
    )
    material = StoredFileField(label=_("Material"), multiple=False)
    record = StoredFileField(label=_("Attendance list and test"), multiple=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the files of `user`."""
        super().__init__(*args, **kwargs)
        for name in ("material", "record"):
            self.fields[name].for_user(user)

    def clean_numbers(self) -> list[str]:
        """Return the numbers, each once."""
        words = self.cleaned_data["numbers"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return list(dict.fromkeys(words))


class DigestForm(forms.Form):
    """The hash of a certificate that somebody shows."""

    digest = forms.CharField(label=_("SHA-256 of the certificate"), max_length=100)

    def clean_digest(self) -> str:
        """Return the hash in lower case without blanks.

        Raises:
            ValidationError: it is no SHA-256.
        """
        digest = "".join(self.cleaned_data["digest"].split()).lower()
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):  # noqa: PLR2004 - SHA-256 in hexadecimal
            raise ValidationError(_("A SHA-256 has 64 hexadecimal digits."), code="digest")
        return digest


class PurposeForm(forms.Form):
    """Why somebody's answers are to be seen."""

    purpose = forms.CharField(
        label=_("Why"),
        max_length=400,
        help_text=_("The person reads it, with your name and the time; it is written to the ledger."),
    )
