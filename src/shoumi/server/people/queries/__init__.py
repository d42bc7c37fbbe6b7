"""Reads of the people app: who stands where, who a user is for the rules, and which rows they may see."""

from shoumi.server.people.queries.days import beginning_of, engaged_now, holds, not_over, today_in, today_of
from shoumi.server.people.queries.listing import (
    departments_visible,
    entities_visible,
    persons,
    persons_found,
    persons_of,
    persons_visible,
    posts_visible,
)
from shoumi.server.people.queries.places import (
    company_resource,
    department_places,
    department_resource,
    department_subtree,
    entity_resource,
    pack_of_user,
    person_places,
    person_resource,
    places_of_scope,
    scope_choices,
)
from shoumi.server.people.queries.subjects import subject_of

__all__ = [
    "beginning_of",
    "company_resource",
    "department_places",
    "department_resource",
    "department_subtree",
    "departments_visible",
    "engaged_now",
    "entities_visible",
    "entity_resource",
    "holds",
    "not_over",
    "pack_of_user",
    "person_places",
    "person_resource",
    "persons",
    "persons_found",
    "persons_of",
    "persons_visible",
    "places_of_scope",
    "posts_visible",
    "scope_choices",
    "subject_of",
    "today_in",
    "today_of",
]
