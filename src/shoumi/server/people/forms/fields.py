"""Fields that several forms of people share: days, and the version that was on the screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOMENT = "%Y-%m-%dT%H:%M"


class DayField(forms.DateField):
    """A day with the browser's own calendar, as 2026-03-01 whatever the language."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what `DateField` takes."""
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class MomentField(forms.Field):
    """A day and a time with the browser's own picker, in the zone that `at` names and the field says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    zone: ZoneInfo | None = None  # None: only what else is typed tells; moments then have none either

    def at(self, zone: ZoneInfo) -> None:
        """Take what is typed as a moment in this zone from now on."""
        self.zone = zone
        said = gettext("Time zone: %(zone)s.") % {"zone": zone.key}
        self.help_text = f"{self.help_text} {said}" if self.help_text else said

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment with its zone.

        Raises:
            ValidationError: it is none.
        """
        if not value:
            return None
        try:
            return datetime.strptime(str(value)[:16], MOMENT).replace(tzinfo=self.zone)
        except ValueError as error:
            raise ValidationError(_("Enter a day and a time."), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Show a moment as the picker takes it."""
        if not isinstance(value, datetime):
            return value
        return (value.astimezone(self.zone) if self.zone else value).strftime(MOMENT)


class VersionForm(forms.Form):
    """A form about a record that others may edit too: it carries the version that was on the screen."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @property
    def version(self) -> int:
        """The version the person saw; the form is valid."""
        return int(self.cleaned_data["expected_version"])
