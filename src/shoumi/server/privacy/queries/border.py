"""The border: whether who looks sits in another country than the person, and whether that is recorded.

A viewer in another country is an export.  Whose country is not known counts as abroad.  Reads only.
"""

from __future__ import annotations

from shoumi.server.accounts.models import User
from shoumi.server.people.models import Person
from shoumi.server.people.queries import today_of
from shoumi.server.privacy.models import ExportBasis


def border_open(viewer: User, person: Person) -> bool:
    """Tell whether `viewer` may see data of `person` unmasked from where they sit."""
    country = Person.objects.filter(user=viewer).values_list("entity__country", flat=True).first() or ""
    if country == person.entity.country:
        return True
    rows = ExportBasis.objects.filter(entity=person.entity_id, to_country=country)
    return rows.filter(last_day__gte=today_of(person.entity)).exists()
