"""What a company has in one entry of a catalogue: names in three languages, and what else the entry holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Pack, period_named
from shoumi.engine.jurisdiction.company import LANGUAGES, RECORD_WHEN
from shoumi.engine.jurisdiction.pack import GROUPS
from shoumi.server.people.models import LEVELS
from shoumi.server.register.queries.words import GROUP_WORDS

WHEN_WORDS = {
    "yes": pgettext_lazy("record when", "When answered with yes"),
    "no": pgettext_lazy("record when", "When answered with no"),
    "always": pgettext_lazy("record when", "Always"),
    "never": pgettext_lazy("record when", "Never"),
}
NAMES = {"zh": _("Name in Chinese"), "ja": _("Name in Japanese"), "en": _("Name in English")}
LONGEST = 120


class EntryForm(forms.Form):
    """One entry; which fields it has is told by its value."""

    def __init__(
        self, *args: Any, pack: Pack, value: dict[str, Any], fresh: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pack, self.held = pack, value
        if fresh:
            self.fields["item"] = forms.RegexField(
                r"^([A-Z0-9-]+/)?OWN-[A-Z0-9]{1,12}$",
                label=_("Id of the new entry"),
                help_text=_(
                    "OWN- with capital letters or digits, such as OWN-LAB; "
                    "for a field after its exclusion: IDN-X1/OWN-1."
                ),
            )
        for code, name in (value.get("names") or {}).items():
            self.fields[f"name_{code}"] = forms.CharField(label=NAMES[code], max_length=LONGEST, initial=name)
        self._more(value)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
        )

    def _more(self, value: dict[str, Any]) -> None:
        groups = [(key, GROUP_WORDS[key]) for key in GROUPS]
        when = [(key, WHEN_WORDS[key]) for key in RECORD_WHEN]
        offered: dict[str, forms.Field] = {
            "group": forms.ChoiceField(label=_("Group"), choices=groups),
            "used": forms.BooleanField(label=_("In use"), required=False),
            "weight": forms.IntegerField(label=_("Weight"), min_value=1, max_value=100),
            "required": forms.BooleanField(label=_("Must be graded"), required=False),
            "percent": forms.IntegerField(label=_("Lowest total in percent"), min_value=1, max_value=100),
            "record_when": forms.ChoiceField(label=_("To be recorded"), choices=when),
            "days": forms.IntegerField(label=_("Days"), min_value=1, max_value=366),
            "clearance": forms.TypedChoiceField(
                label=_("Read by posts cleared at least for"), choices=LEVELS, coerce=int
            ),
            "codes": forms.CharField(
                label=_("Periods on offer"),
                help_text=_("Separated by commas: 1 year, 5 years, long_term, until_publication."),
            ),
        }
        for key, held in value.items():
            if key in offered:
                self.fields[key] = offered[key]
                self.fields[key].initial = ", ".join(held) if key == "codes" else held

    def clean_codes(self) -> list[str]:
        """Read periods as people write them."""
        parts = self.cleaned_data["codes"].replace("，", ",").replace("、", ",").split(",")
        try:
            return [period_named(self.pack, part.strip()).code for part in parts if part.strip()]
        except InputError as error:
            raise forms.ValidationError(_("This is no confidentiality period.")) from error

    def value(self) -> dict[str, Any]:
        """Return the value of the entry."""
        data = self.cleaned_data
        made = {key: data[key] for key in self.held if key != "names"}
        if "names" in self.held:
            made["names"] = {code: data[f"name_{code}"] for code in LANGUAGES}
        return made
