"""The grounds on record for seeing personal data from another country; `people.border` asks for them.

A viewer in another country is an export.  Reads only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.server.people.models import Country
from shoumi.server.people.queries import today_in
from shoumi.server.privacy.models import ExportBasis


def entities_open_to(country: str) -> frozenset[UUID]:
    """Return the legal entities whose persons may be seen from `country` today, where each entity sits."""
    rows = bases_in_force().filter(to_country=country)
    return frozenset(rows.values_list("entity", flat=True))


def bases_in_force() -> QuerySet[ExportBasis]:
    """Return the grounds that have not been ended and whose last day is not over."""
    held = Q(pk__in=())
    for country in Country.values:
        held |= Q(entity__country=country, last_day__gte=today_in(country))
    return ExportBasis.objects.filter(held, ended_at__isnull=True)
