"""What is kept in a zone: carriers, by the register's own relation to zones, and how secret they are.

The register stands above this app, so its rows are reached through the zone and never imported.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.places.models import Zone

GONE = ("returned", "scrapped", "destroyed")


def carriers_in(zone: Zone) -> QuerySet[Any]:
    """Return the carriers that belong into the zone and still exist, with their secrets."""
    return zone.carriers.exclude(status__in=GONE).select_related("secret", "keeper")


def highest_stored(zone: Zone) -> int:
    """Return the highest level (0 to 3) of what is kept in the zone."""
    levels = carriers_in(zone).order_by().values_list("secret__level", flat=True).distinct()
    return max((LEVEL_IDS.index(level) for level in levels if level in LEVEL_IDS), default=0)
