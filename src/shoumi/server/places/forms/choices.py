"""What can be chosen in the forms of places: departments, persons, grounds, kinds with their levels.

Everything offered is within the user's remit; services ask again.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import LEVELS, LegalEntity, Person
from shoumi.server.people.queries import entity_resource, persons_visible
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.standards import rules_for, said
from shoumi.server.places.queries.visible import departments_managed_by, entities_managed_by

Choice = tuple[str, Any]
WHOLE = "entity"
KINDS = (
    *(
        (f"{Zone.Kind.SECRET}:{level}", (Zone.Kind.SECRET.label, label))
        for level, label in reversed(LEVELS)
        if level
    ),
    (f"{Zone.Kind.OFFICE}:0", (Zone.Kind.OFFICE.label,)),
    (f"{Zone.Kind.RECEPTION}:0", (Zone.Kind.RECEPTION.label,)),
)
CHOOSE = gettext_lazy("Choose…")


def kinds() -> list[Choice]:
    """Return the three kinds, the secret one once per level: `secret:3`."""
    return [("", CHOOSE), *((key, " · ".join(str(word) for word in words)) for key, words in KINDS)]


def kind_and_level(value: str) -> tuple[str, int]:
    """Return the two parts of one choice of `kinds`."""
    kind, _colon, level = value.partition(":")
    return kind, int(level or 0)


def grounds(entity: LegalEntity) -> list[Choice]:
    """Return the must-be groups of the entity's pack."""
    return [("", "–"), *((group.id, said(group.names)) for group in rules_for(entity).must_be)]


def units(user: User, *, within: LegalEntity | None = None) -> list[Choice]:
    """Return where a zone of the user's can stand: whole entities, and departments below their entity."""
    departments = list(departments_managed_by(user))
    found: list[Choice] = [("", CHOOSE)]
    for entity in entities_managed_by(user):
        if within is not None and entity.pk != within.pk:
            continue
        offered: list[Choice] = []
        if gate.permits(user, Action.ZONE_CREATE, entity_resource(entity)):
            offered.append((f"{WHOLE}:{entity.pk}", _("The whole legal entity")))
        offered += [
            (f"department:{row.pk}", "\u2003" * row.depth + row.name)
            for row in departments
            if row.entity_id == entity.pk
        ]
        found.append((str(entity), offered))
    return found


def persons(user: User, *, entity: LegalEntity | None = None) -> QuerySet[Person]:
    """Return the persons whom the user may look up, of one entity if it is named."""
    rows = persons_visible(user)
    return rows.filter(entity=entity) if entity else rows
