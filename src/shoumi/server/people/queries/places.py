"""Where departments and persons stand: the places above them, and the resources the rules decide about.

A place is `company`, `entity:<id>` or `department:<id>`; whoever holds a role for a place holds it for
everything below.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from shoumi.engine.policy import COMPANY, Resource, department_scope, entity_scope, resources
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person
from shoumi.server.people.queries.days import holds


def department_subtree(department: Department) -> QuerySet[Department]:
    """Return the department and all below it, parents before children."""
    return Department.objects.filter(path__startswith=department.path).order_by("path")


def department_places(department: Department) -> frozenset[str]:
    """Return the department's own place and all above it."""
    above = {department_scope(part) for part in department.path_ids}
    return frozenset({*above, department.scope, entity_scope(department.entity_id), COMPANY})


def places_of_scope(scope: str) -> frozenset[str]:
    """Return the places above `scope`, as `accounts` asks for them (SHOUMI_PLACES_LOADER); unknown: none."""
    kind, _, identifier = scope.partition(":")
    if kind != "department":
        return frozenset()
    try:
        department = Department.objects.filter(pk=UUID(identifier)).first()
    except ValueError:
        return frozenset()
    return department_places(department) if department else frozenset()


def scope_choices(*, closed: bool = False) -> list[tuple[str, str]]:
    """Return legal entities and departments with their names, for `accounts` (SHOUMI_SCOPES_LOADER).

    Departments stand below their entity, each with the names above it; closed ones only if asked for.
    """
    names: dict[UUID, str] = {}
    below: dict[UUID, list[tuple[str, str]]] = {}
    for department in Department.objects.select_related("entity").order_by("path"):
        above = names.get(department.parent_id, str(department.entity))
        names[department.pk] = f"{above} › {department.name}"
        if closed or department.is_open:
            below.setdefault(department.entity_id, []).append((department.scope, names[department.pk]))
    return [
        choice
        for entity in LegalEntity.objects.all()
        for choice in [(entity.scope, str(entity)), *below.get(entity.pk, [])]
    ]


def pack_of_user(user: User) -> str:
    """Return the law pack of the user's legal entity, empty if there is none (SHOUMI_PACK_LOADER)."""
    country = Person.objects.filter(user=user).values_list("entity__country", flat=True).first()
    return country.lower() if country else ""


def standing(engagements: Iterable[Engagement]) -> list[Engagement]:
    """Return the engagements that place a person: those that hold now, else the latest one.

    Somebody who has left still stands where they last were, so that their record stays in its remit.
    """
    known = list(engagements)
    current = [engagement for engagement in known if holds(engagement)]
    latest = sorted(known, key=lambda engagement: (engagement.starts_on, str(engagement.pk)))[-1:]
    return current or latest


def person_places(person: Person, engagements: Iterable[Engagement] | None = None) -> frozenset[str]:
    """Return all places in which a person stands; `engagements` spares a query if they are at hand."""
    if engagements is None:
        engagements = person.engagements.select_related("department__entity")
    places = {COMPANY, entity_scope(person.entity_id)}
    for engagement in standing(engagements):
        places |= department_places(engagement.department)
    return frozenset(places)


def person_resource(person: Person, engagements: Iterable[Engagement] | None = None) -> Resource:
    """Return the person's record as the rules see it."""
    return resources.person(str(person.pk), person_places(person, engagements))


def department_resource(department: Department) -> Resource:
    """Return a department as something to work in."""
    return resources.unit(department.scope, department_places(department))


def entity_resource(entity: LegalEntity) -> Resource:
    """Return a legal entity as something to work in."""
    return resources.unit(entity.scope)


def company_resource() -> Resource:
    """Return the whole company as something to work in."""
    return resources.unit(COMPANY)
