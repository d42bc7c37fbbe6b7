"""Forms of what guards a zone: entrances, signs, guards and devices, isolation, the checklist, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import DefenceCheck
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.files.stepping import RowsForm
from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import Person
from shoumi.server.places.forms import choices
from shoumi.server.places.models import Entrance, Guard, InspectionItem, IsolationProof, Sign, Zone
from shoumi.server.places.queries.standards import said
from shoumi.server.places.services.inspections import NEEDS_WORDS, Answer
from shoumi.server.places.services.signs import LANGUAGES

PICTURE = _("PNG or JPEG, at most 30 MiB.")


class EntranceForm(forms.Form):
    """A way into the zone."""

    name = forms.CharField(
        label=_("Entrance"), max_length=80, help_text=_("As people call it, such as “main door”.")
    )


class SignForm(forms.Form):
    """A sign that hangs at an entrance."""

    entrance = forms.ModelChoiceField(Entrance.objects.none(), label=_("Entrance"))
    kind = forms.ChoiceField(label=_("Sign"), choices=Sign.Kind.choices)
    put_up_on = DayField(label=_("Put up on"))
    photo = StoredFileField(label=_("Photo as proof"), multiple=False, required=False, help_text=PICTURE)

    def __init__(self, *args: Any, user: User, zone: Zone, **kwargs: Any) -> None:
        """Offer the open entrances of `zone`."""
        super().__init__(*args, **kwargs)
        self.fields["entrance"].queryset = zone.entrances.filter(closed_on__isnull=True)
        self.fields["photo"].for_user(user)


class SignPrintForm(forms.Form):
    """In which languages the signs are printed."""

    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages by their own names."""
        super().__init__(*args, **kwargs)
        names = {"zh-hans": "简体中文", "ja": "日本語", "en": "English"}
        self.fields["languages"].choices = [(code, names[code]) for code in LANGUAGES]


class GuardForm(forms.Form):
    """A guard or a device."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Guard.Kind.choices)
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Person"),
        required=False,
        help_text=_("Who keeps an entrance records who enters and leaves, on the reception page."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=200,
        required=False,
        help_text=_("Company or device, its number and where it is."),
    )
    entrance = forms.ModelChoiceField(Entrance.objects.none(), label=_("Entrance"), required=False)
    since = DayField(label=_("Since"))

    def __init__(self, *args: Any, user: User, zone: Zone, **kwargs: Any) -> None:
        """Offer the zone's entrances and the entity's persons."""
        super().__init__(*args, **kwargs)
        self.fields["entrance"].queryset = zone.entrances.filter(closed_on__isnull=True)
        self.fields["person"].queryset = choices.persons(user, entity=zone.entity)


class IsolationForm(forms.Form):
    """A photo that shows how the zone is closed off."""

    means = forms.ChoiceField(label=_("Means"), choices=IsolationProof.Means.choices)
    taken_on = DayField(label=_("Taken on"))
    photo = StoredFileField(label=_("Photo"), multiple=False, help_text=PICTURE)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take `user`'s files."""
        super().__init__(*args, **kwargs)
        self.fields["photo"].for_user(user)


class OutcomeForm(forms.Form):
    """What was done about a gap."""

    outcome = forms.CharField(label=_("What was done"), max_length=300)


class CheckForm(forms.Form):
    """The answer to one question."""

    verdict = forms.ChoiceField(
        choices=InspectionItem.Verdict.choices, widget=forms.RadioSelect, required=True
    )
    note = forms.CharField(label=_("What is missing here"), max_length=300, required=False)

    def __init__(self, *args: Any, check: DefenceCheck, **kwargs: Any) -> None:
        """Ask the question of `check`."""
        super().__init__(*args, prefix=check.id, **kwargs)
        self.check_id = check.id
        self.fields["verdict"].label = said(check.names)

    def clean(self) -> dict[str, Any]:
        """Ask for words where something is missing."""
        data = super().clean() or {}
        if data.get("verdict") in NEEDS_WORDS and not data.get("note", "").strip():
            self.add_error("note", _("Say what is missing."))
        return data

    def answer(self) -> Answer:
        """Return the answer of a valid row."""
        return Answer(self.cleaned_data["verdict"], self.cleaned_data["note"])


class DefenceForm(RowsForm):
    """The questions of one of the three defences."""

    def __init__(
        self, data: Any = None, files: Any = None, *, checks: Sequence[DefenceCheck], **kwargs: Any
    ) -> None:
        """Ask `checks`, one row each."""
        super().__init__(data, files, **kwargs)
        self.rows = [CheckForm(data, check=check) for check in checks]

    def clean(self) -> dict[str, Any]:
        """Gather the answers under the names of their questions."""
        super().clean()
        return {row.check_id: row.answer() for row in self.rows if row.is_valid()}


class InspectionForm(forms.Form):
    """When the zone was looked at, and when to look again."""

    inspected_on = DayField(label=_("Inspected on"))
    next_on = DayField(
        label=_("Next inspection"), required=False, help_text=_("Empty for the usual interval.")
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
