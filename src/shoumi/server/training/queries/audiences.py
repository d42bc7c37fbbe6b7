"""Whom a training is for: the audiences of the pack, found among those who work in a legal entity today.

Follows the guide 五(五)2(1): new staff, key posts, persons who know important secrets, everybody; and who
administers systems and accounts, told by the role.  An audience that only the company can tell, such as
sales staff, is told by its departments.  Nobody tasks contractors' workers by name: their training goes to
the contractor, so they are counted and left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.policy import Role
from shoumi.server.accounts.queries import role_holders
from shoumi.server.people.models import Department, Engagement, EngagementKind, LegalEntity, Person
from shoumi.server.people.queries import engaged_now, today_of

NEW_DAYS = 90  # so long somebody is new
KEY_LEVEL = 1  # posts from this secrecy level on are key posts
SECRET_LEVEL = 2  # who holds a post from this level on knows important secrets
EVERYBODY = "all"
ADMINISTRATORS = "administrators"
BY_FACTS = frozenset({EVERYBODY, "new", "key-posts", "secret-persons", ADMINISTRATORS})


def needs_departments(audience: str) -> bool:
    """Tell whether an audience can only be told by its departments."""
    return audience not in BY_FACTS


def audience_persons(
    entity: LegalEntity, audience: str, departments: Iterable[Department] = ()
) -> QuerySet[Person]:
    """Return the persons of an audience today, within `departments` and those below where any are named."""
    where = Q(department__entity=entity) & ~Q(kind=EngagementKind.CONTRACTORS_WORKER)
    named = Q(pk__in=())
    for department in departments:
        named |= Q(department__path__startswith=department.path)
    if named != Q(pk__in=()):
        where &= named
    elif needs_departments(audience):
        return Person.objects.none()
    where &= {
        "key-posts": Q(post__level__gte=KEY_LEVEL),
        "secret-persons": Q(post__level__gte=SECRET_LEVEL),
    }.get(audience, Q())
    own = Engagement.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.filter(Exists(own.filter(engaged_now(), where)))
    if audience == "new":
        since = today_of(entity) - timedelta(days=NEW_DAYS)
        rows = rows.filter(~Exists(own.filter(starts_on__lt=since)))
    if audience == ADMINISTRATORS:
        rows = rows.filter(user__in=role_holders(Role.IT_ADMINISTRATOR))
    return rows


def contractors_workers(entity: LegalEntity, departments: Iterable[Department] = ()) -> QuerySet[Engagement]:
    """Return the engagements of contractors' workers today where an audience is looked for."""
    rows = Engagement.objects.filter(
        engaged_now(), department__entity=entity, kind=EngagementKind.CONTRACTORS_WORKER
    )
    within = [Q(department__path__startswith=department.path) for department in departments]
    return rows.filter(reduce(Q.__or__, within)) if within else rows
