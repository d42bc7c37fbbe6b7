"""The import of people for wizard and API: who may, in which order it is planned, what is written.

Nothing is decided here that `services` would decide otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from shoumi.engine.policy import COMPANY, Action, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.files.tables import ParsedTable
from shoumi.server.files.tables.plans import ImportKind, Plan
from shoumi.server.people.importing.applying import people_apply
from shoumi.server.people.importing.organisation import plan_departments, plan_entities, plan_posts
from shoumi.server.people.importing.persons import plan_engagements, plan_persons, plan_roster
from shoumi.server.people.importing.specs import (
    DEPARTMENTS,
    ENGAGEMENTS,
    ENTITIES,
    PERSONS,
    POSTS,
    ROSTER,
    SPECS,
)
from shoumi.server.people.importing.work import Planner, look_up
from shoumi.server.people.queries.listing import scopes_of

PLANNERS: tuple[tuple[str, Callable[[Planner, ParsedTable], None]], ...] = (
    (ENTITIES.name, plan_entities),
    (DEPARTMENTS.name, plan_departments),
    (POSTS.name, plan_posts),
    (PERSONS.name, plan_persons),
    (ROSTER.name, plan_roster),
    (ENGAGEMENTS.name, plan_engagements),
)


def people_allow(actor: User) -> None:
    """Return if `actor` may bring in people somewhere; each row asks again for its own place.

    Raises:
        NotPermittedError: nowhere.
    """
    scope = min(scopes_of(actor, [Role.HR]), default=COMPANY)
    places = places_of("" if scope == COMPANY else scope)
    gate.require(actor, Action.PERSON_IMPORT, resources.unit(scope, places))


def people_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    """Return what the tables would do to the present records; entities first, engagements last."""
    planner = Planner(actor)
    for name, plan in PLANNERS:
        for table in tables:
            if table.spec.name == name:
                plan(planner, table)
    for table in tables:
        for row in table.broken:
            look_up(planner, row)
    with planner.together():
        for check in planner.later:
            check()
    return planner.plan


PEOPLE_IMPORT = ImportKind(
    name="people",
    title=_("Import people"),
    specs=SPECS,
    allow=people_allow,
    plan=people_plan,
    apply=people_apply,
    help=_(
        "Legal entities, departments, posts, persons and engagements, each on a sheet of its own, "
        "or a roster with one person per row."
    ),
)
