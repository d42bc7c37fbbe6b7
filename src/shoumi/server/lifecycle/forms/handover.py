"""Forms of the handover list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.procedures import PlannedStep
from shoumi.server.lifecycle.forms.fields import CHOOSE
from shoumi.server.lifecycle.queries.packs import said


class ThingForm(forms.Form):
    """A thing that the person holds."""

    group = forms.ChoiceField(label=_("Kind"))
    label = forms.CharField(
        label=_("What"), max_length=300, help_text=_("What it is called, never a password or a content.")
    )

    def __init__(self, *args: Any, asked: PlannedStep | None, **kwargs: Any) -> None:
        """Offer the kinds of things of the step."""
        super().__init__(*args, **kwargs)
        items = asked.step.items if asked else ()
        self.fields["group"].choices = [CHOOSE, *((item.id, said(item.names)) for item in items)]


class MissingForm(forms.Form):
    """What was done to find a thing."""

    note = forms.CharField(label=_("What was done to find it"), max_length=400)
