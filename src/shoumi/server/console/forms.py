"""The forms of one's own profile and of the summary by e-mail."""

from __future__ import annotations

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.console.models import Digest

USUAL_ZONES = ("Asia/Shanghai", "Asia/Tokyo", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "UTC")


def _languages() -> list[tuple[str, str]]:
    """Return the languages as they call themselves."""
    return [(code, str(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]


def _zones() -> list[tuple[object, object]]:
    """Return the usual zones first, then all others."""
    rest = sorted(zoneinfo.available_timezones() - set(USUAL_ZONES))
    usual = [(zone, zone) for zone in USUAL_ZONES]
    return [(_("Usual"), usual), (_("All"), [(zone, zone) for zone in rest if "/" in zone])]


class ProfileForm(forms.Form):
    """Language and time zone; name and e-mail are the company's to change."""

    language = forms.ChoiceField(label=_("Language"), choices=_languages)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        help_text=_("All times in the console are shown in this zone; the ledger keeps them in UTC."),
    )

    @classmethod
    def of(cls, user: User) -> ProfileForm:
        """Return the form filled with what `user` chose before."""
        return cls(initial={"language": user.language, "time_zone": user.time_zone})


class RhythmForm(forms.Form):
    """How often somebody wants the summary of due things."""

    rhythm = forms.ChoiceField(label=_("Summary by e-mail"), choices=Digest.Rhythm, widget=forms.RadioSelect)
