"""Forms of floor plans: the picture of a floor, another picture, and what was drawn on it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import LegalEntity
from shoumi.server.places.forms.protection import PICTURE
from shoumi.server.places.models.plans import MOST, SCALE

MOST_ZONES = 200


class PlanForm(forms.Form):
    """One floor and its picture."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label=_("Legal entity"), empty_label=None)
    site = forms.CharField(label=_("Site"), max_length=80)
    building = forms.CharField(label=_("Building"), max_length=80, required=False)
    floor = forms.CharField(label=_("Floor"), max_length=40)
    picture = StoredFileField(label=_("Picture of the plan"), multiple=False, help_text=PICTURE)

    def __init__(self, *args: Any, user: User, entities: Any, **kwargs: Any) -> None:
        """Offer `entities`, a queryset."""
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities
        self.fields["picture"].for_user(user)


class PictureForm(VersionForm):
    """Another picture of the same floor."""

    picture = StoredFileField(label=_("Picture of the plan"), multiple=False, help_text=PICTURE)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take `user`'s files."""
        super().__init__(*args, **kwargs)
        self.fields["picture"].for_user(user)


class DrawingForm(VersionForm):
    """Everything drawn on a plan, as the page's script writes it: zone id → corners."""

    outlines = forms.CharField(widget=forms.HiddenInput, max_length=200_000)

    def clean_outlines(self) -> dict[UUID, list[tuple[int, int]]]:
        """Return the corners by zone.

        Raises:
            ValidationError: the text has another shape.
        """
        try:
            read = json.loads(self.cleaned_data["outlines"])
            found = {UUID(key): [_point(point) for point in points] for key, points in read.items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise forms.ValidationError(_("The drawing could not be read.")) from error
        if len(found) > MOST_ZONES or any(len(points) > MOST for points in found.values()):
            raise forms.ValidationError(_("The drawing could not be read."))
        return found


def _point(value: Any) -> tuple[int, int]:
    x, y = value
    if (
        type(x) is not int
        or type(y) is not int
        or not (-SCALE <= x <= 2 * SCALE and -SCALE <= y <= 2 * SCALE)
    ):
        raise ValueError("no point of a plan")
    return x, y
