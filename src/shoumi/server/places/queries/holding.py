"""What holds today: entry permissions, designations, guards; and who may enter a zone.

Follows the knowledge Q&A 十一.  A day is the day where the zone's legal entity sits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.server.people.models import Engagement, Person
from shoumi.server.people.models.organisation import TIME_ZONES
from shoumi.server.people.queries import engaged_now, today_in
from shoumi.server.places.models import Designation, EntryPermission, Guard, Zone
from shoumi.server.places.models.designations import LIVE

SOON = timedelta(days=14)  # before a permission ends, it is told


def _each_country(prefix: str, first: str, last: str, *, last_counts: bool) -> Q:
    """Return the condition that today lies between two days of a row whose entity stands at `prefix`."""
    found = Q(pk__in=())
    for country in TIME_ZONES:
        today = today_in(country)
        end = Q(**{f"{last}__gte" if last_counts else f"{last}__gt": today}) | Q(**{f"{last}__isnull": True})
        found |= Q(**{f"{prefix}country": country, f"{first}__lte": today}) & end
    return found


def held_now() -> Q:
    """Return the condition that an entry permission holds today."""
    days = _each_country("zone__entity__", "starts_on", "ends_on", last_counts=True)
    return Q(state=EntryPermission.State.GRANTED) & days


def guarding_now() -> Q:
    """Return the condition that a guard is a person who keeps an entrance today."""
    days = _each_country("zone__entity__", "since", "until", last_counts=False)
    return Q(kind=Guard.Kind.PERSON) & days


def key_place_of(zone: Zone) -> Designation | None:
    """Return the designation by which `zone` is a key place now, None if it is none."""
    return zone.key_designations.filter(state__in=LIVE).first()


def bans_devices(zone: Zone) -> bool:
    """Tell whether devices must stay outside: always in a key place, elsewhere by the company's choice."""
    return zone.bans_devices or key_place_of(zone) is not None


def with_key() -> Exists:
    """Return the condition that a zone is a key place now."""
    return Exists(Designation.objects.filter(zone=OuterRef("pk"), state__in=LIVE))


def entering(person: Person) -> Q:
    """Return the condition that an entry permission reaches `person` through any engagement of today."""
    condition = Q(person=person)
    for engagement in Engagement.objects.filter(engaged_now(), person=person).select_related("department"):
        condition |= Q(department__in=engagement.department.path_ids)
        if engagement.post_id:
            condition |= Q(post=engagement.post_id)
    return condition


def permission_for(person: Person, zone: Zone) -> EntryPermission | None:
    """Return a permission by which `person` may enter `zone` today, None if there is none.

    Somebody who is not engaged today enters as a visitor, whatever permissions are left.
    """
    if not Engagement.objects.filter(engaged_now(), person=person).exists():
        return None
    return zone.entry_permissions.filter(held_now(), entering(person)).order_by("-ends_on").first()


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who may enter, and by which permission."""

    person: Person
    permission: EntryPermission


def entrants_of(zone: Zone) -> list[Entrant]:
    """Return everybody who may enter `zone` today, each with one permission."""
    found: dict[object, Entrant] = {}
    for row in permissions_of(zone).filter(held_now()):
        for person in _persons_of(row):
            found.setdefault(person.pk, Entrant(person, row))
    return sorted(found.values(), key=lambda item: (item.person.reading, item.person.name))


def permissions_of(zone: Zone) -> QuerySet[EntryPermission]:
    """Return the zone's permissions with everything a page shows."""
    return zone.entry_permissions.select_related(
        "person", "post__department", "department", "requested_by", "decided_by", "zone__entity"
    )


def _persons_of(row: EntryPermission) -> QuerySet[Person]:
    now = Engagement.objects.filter(engaged_now(), person=OuterRef("pk"))
    if row.person_id:
        return Person.objects.filter(Exists(now), pk=row.person_id)
    if row.post_id:
        return Person.objects.filter(Exists(now.filter(post=row.post_id)))
    return Person.objects.filter(Exists(now.filter(department__path__startswith=row.department.path)))
