"""Proposing a default of the company's own for one level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Pack, period_named
from shoumi.server.register.forms.choices import levels
from shoumi.server.register.models import LevelDefault


class DefaultForm(forms.Form):
    """Which level, which setting, which value, and why."""

    level = forms.ChoiceField(label=_("Level"))
    setting = forms.ChoiceField(label=_("Setting"), choices=LevelDefault.Setting.choices)
    value = forms.CharField(
        label=_("Value"),
        max_length=200,
        help_text=_(
            "A period such as 5 years, long_term or until_publication; a number of leaders; days of notice "
            "such as 90,30,7; or kinds of scope such as persons,posts,departments."
        ),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack
        self.fields["level"].choices = levels(pack)

    def clean(self) -> dict[str, Any]:
        """Read a period as people write it."""
        data = super().clean() or {}
        if data.get("setting") == LevelDefault.Setting.PERIOD and data.get("value"):
            try:
                data["value"] = period_named(self.pack, data["value"]).code
            except InputError:
                self.add_error("value", _("This is no confidentiality period."))
        return data

    def values(self) -> dict[str, str]:
        """Return the arguments of the service."""
        data = self.cleaned_data
        return {
            "level_id": data["level"],
            "setting": data["setting"],
            "value": data["value"],
            "reason": data["reason"],
        }
