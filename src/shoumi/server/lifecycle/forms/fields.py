"""Fields of cases: a moment where the company sits, people by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import persons_visible

MOMENT = "%Y-%m-%dT%H:%M"
CHOOSE = ("", _("Choose…"))


class MomentField(forms.Field):
    """A day and a time with the browser's own picker, in the zone that `at` names."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    zone = ZoneInfo("UTC")

    def at(self, zone: ZoneInfo) -> None:
        """Take what is typed as a moment in this zone from now on."""
        self.zone = zone

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
        return value.astimezone(self.zone).strftime(MOMENT) if isinstance(value, datetime) else value


def people_of(user: User, entity: LegalEntity, *, signed_in: bool = False) -> QuerySet[Person]:
    """Return the persons of an entity whom the user may look up; `signed_in` with an account only."""
    rows = persons_visible(user).filter(entity=entity)
    if signed_in:
        rows = rows.filter(user__isnull=False, user__is_active=True)
    return rows.order_by("reading", "name")
