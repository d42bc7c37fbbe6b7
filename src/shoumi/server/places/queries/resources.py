"""Zones, visits and plans as the rules see them.

Follows `engine.policy.resources`.  Reads who may enter and who keeps the door; decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from shoumi.engine.policy import Resource, resources
from shoumi.engine.policy.facts import EntryFacts
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import department_places, department_resource, entity_resource
from shoumi.server.places.models import EntryPermission, Guard, Visit, Zone
from shoumi.server.places.queries.holding import guarding_now, held_now


def zone_places(zone: Zone) -> frozenset[str]:
    """Return all places in which a zone stands."""
    above = department_places(zone.department) if zone.department else frozenset()
    return above | {zone.entity.scope}


def unit_of(entity: LegalEntity, department: Department | None) -> Resource:
    """Return where a zone stands, or shall stand, as something to work in."""
    return department_resource(department) if department else entity_resource(entity)


def zone_resource(zone: Zone) -> Resource:
    """Return the zone as the rules see it: two queries."""
    return zone_resources([zone])[0]


def zone_resources(zones: Iterable[Zone]) -> list[Resource]:
    """Return zones as the rules see them, in their order: two queries for all."""
    known = list(zones)
    keys = [zone.pk for zone in known]
    held: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = EntryPermission.objects.filter(held_now(), zone__in=keys)
    for zone, person, post, department in rows.values_list("zone", "person", "post", "department"):
        for name, value in (("persons", person), ("posts", post), ("departments", department)):
            if value:
                held[zone][name].add(str(value))
    keepers = keepers_of(keys)
    return [
        resources.zone(
            str(zone.pk),
            EntryFacts(
                departments=frozenset(held[zone.pk]["departments"])
                | ({str(zone.department_id)} if zone.department_id else set()),
                posts=frozenset(held[zone.pk]["posts"]),
                persons=frozenset(held[zone.pk]["persons"]),
                keepers=frozenset(keepers[zone.pk]),
            ),
            zone_places(zone),
        )
        for zone in known
    ]


def keepers_of(zones: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return the ids of the persons who keep the entrances of each zone now."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for zone, person in Guard.objects.filter(guarding_now(), zone__in=zones).values_list("zone", "person"):
        found[zone].add(str(person))
    return found


def visit_resource(visit: Visit) -> Resource:
    """Return the visit as the rules see it: one query."""
    return visit_resources([visit])[0]


def visit_resources(visits: Iterable[Visit]) -> list[Resource]:
    """Return visits as the rules see them, in their order: one query for all."""
    known = list(visits)
    keepers = keepers_of({visit.zone_id for visit in known})
    return [
        resources.visit(
            str(visit.pk),
            requester=str(visit.requested_by_id),
            host=str(visit.host_id),
            escort=str(visit.escort_id) if visit.escort_id else None,
            keepers=keepers[visit.zone_id],
            places=zone_places(visit.zone),
        )
        for visit in known
    ]
