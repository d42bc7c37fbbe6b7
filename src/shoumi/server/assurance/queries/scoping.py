"""Which legal entities, departments and rows of assurance a user may see, as database conditions.

The roles are those of `engine/policy/cedar/assurance.cedar`; a test compares both for every role and row.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.engine.policy import COMPANY, Resource, Role, resources
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import department_places, department_resource, entity_resource
from shoumi.server.people.queries.listing import scopes_of

OVERSEEING = frozenset({Role.SECRECY_OFFICER, Role.LEADER, Role.LEGAL, Role.AUDITOR})
DEPARTMENTAL = frozenset({Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER})
VIEWING = OVERSEEING | DEPARTMENTAL
RECORDING = DEPARTMENTAL | {Role.SECRECY_OFFICER}


def within(scopes: Iterable[str], *, entity: str = "entity", path: str = "department__path") -> Q:
    """Return the condition that a row of a legal entity, maybe of one department, lies in one of `scopes`."""
    places = set(scopes)
    if COMPANY in places:
        return ~Q(pk__in=())
    found = Q(pk__in=())
    for place in places:
        kind, _colon, key = place.partition(":")
        if kind == "entity":
            found |= Q(**{entity: key})
        elif kind == "department":
            found |= Q(**{f"{path}__contains": f"{UUID(key).hex}/"})
    return found


def entities_overseen(user: User, roles: Iterable[Role] = VIEWING) -> QuerySet[LegalEntity]:
    """Return the legal entities in which `user` holds one of `roles` for the whole or for a part."""
    scopes = scopes_of(user, roles)
    if COMPANY in scopes:
        return LegalEntity.objects.order_by("code")
    whole = within(scopes, entity="pk", path="departments__path")
    return LegalEntity.objects.filter(pk__in=LegalEntity.objects.filter(whole).values("pk")).order_by("code")


def sees_whole(user: User, entity: LegalEntity, roles: Iterable[Role] = VIEWING) -> bool:
    """Tell whether `user` holds one of `roles` for all of `entity`."""
    return bool(scopes_of(user, roles) & {COMPANY, entity.scope})


def departments_overseen(
    user: User, entity: LegalEntity, roles: Iterable[Role] = VIEWING
) -> QuerySet[Department]:
    """Return the departments of `entity` that lie in the remit of `user`."""
    rows = Department.objects.filter(entity=entity).order_by("path")
    return rows.filter(within(scopes_of(user, roles), path="path"))


def place_resource(entity: LegalEntity, department: Department | None) -> Resource:
    """Return the department, or the whole entity without one, as something to work in."""
    return department_resource(department) if department else entity_resource(entity)


def weight_resource(entity: LegalEntity, key: str, requester: str | None = None) -> Resource:
    """Return a weight of the score as a setting, or the change of it that `requester` proposed."""
    made = resources.setting(f"assurance.{key}", requester=requester)
    return Resource(made.kind, made.id, made.attributes, made.parents | {entity.scope})


def places(entity: LegalEntity, department: Department | None) -> frozenset[str]:
    """Return every place above a row of `entity`, maybe of one department."""
    return department_places(department) if department else frozenset({entity.scope, COMPANY})


def remit_resource(user: User) -> Resource:
    """Return the widest place in which `user` sees figures, as something to work in; else the company."""
    scopes = scopes_of(user, VIEWING)
    scope = min(
        scopes, key=lambda place: (place != COMPANY, place.startswith("department"), place), default=COMPANY
    )
    return resources.unit(scope, places_of(scope) if scope != COMPANY else ())
