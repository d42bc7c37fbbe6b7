"""Fields that several forms of people share: days, and the version that was on the screen."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day with the browser's own calendar, as 2026-03-01 whatever the language."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what `DateField` takes."""
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class VersionForm(forms.Form):
    """A form about a record that others may edit too: it carries the version that was on the screen."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @property
    def version(self) -> int:
        """The version the person saw; the form is valid."""
        return int(self.cleaned_data["expected_version"])
