"""Choosing how marks look inside files of a category and level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import Pack
from shoumi.server.register.forms.choices import categories, levels
from shoumi.server.register.services.looks import Look

PARTS = (
    ("banner", _("Box on the first page")),
    ("header", _("Header of every page")),
    ("footer", _("Footer of every page")),
    ("watermark", _("Watermark on every page")),
    ("cover_sheet", _("Cover sheet in workbooks")),
)


class LookForm(forms.Form):
    """For which secrets, which parts, and which label of the company's Purview."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    parts = forms.MultipleChoiceField(
        label=_("Parts shown"),
        choices=PARTS,
        widget=forms.CheckboxSelectMultiple,
        initial=[key for key, _label in PARTS],
        help_text=_("Header or watermark must stay, so that every page bears the mark."),
    )
    label_id = forms.UUIDField(label=_("Id of the Purview label"), required=False)
    site_id = forms.UUIDField(label=_("Id of the Purview tenant"), required=False)
    label_name = forms.CharField(label=_("Name of the Purview label"), max_length=100, required=False)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("Every one"))]
        self.fields["category"].choices = [("", every), *categories(pack)[1:]]
        self.fields["level"].choices = [*every, *levels(pack)]

    def clean(self) -> dict[str, Any]:
        """Hold header or watermark, and half a label, against the fields themselves."""
        data = super().clean() or {}
        if "parts" in data and not {"header", "watermark"} & set(data["parts"]):
            self.add_error("parts", _("Leave header or watermark on every page."))
        if bool(data.get("label_id")) != bool(data.get("site_id")):
            self.add_error("site_id", _("A Purview label has both ids."))
        return data

    def look(self) -> Look:
        """Return what was chosen."""
        data = self.cleaned_data
        shown = {key: key in data["parts"] for key, _label in PARTS}
        return Look(
            **shown, label_id=data["label_id"], site_id=data["site_id"], label_name=data["label_name"].strip()
        )
