"""Fields of cases: people by name."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import persons_visible

CHOOSE = ("", _("Choose…"))


def people_of(user: User, entity: LegalEntity, *, signed_in: bool = False) -> QuerySet[Person]:
    """Return the persons of an entity whom the user may look up; `signed_in` with an account only."""
    rows = persons_visible(user).filter(entity=entity)
    if signed_in:
        rows = rows.filter(user__isnull=False, user__is_active=True)
    return rows.order_by("reading", "name")
