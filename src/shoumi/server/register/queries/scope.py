"""Who may know a secret today, and why: the knowledge scope worked out person by person.

Follows the seed guide 四(四); the same facts stand in `queries.resources` for the rules.  A person in scope
whose posts are cleared for a lower level is listed and marked: the rules refuse them the content.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from shoumi.server.people.models import Department, Engagement, Person
from shoumi.server.people.queries import engaged_now
from shoumi.server.register.models import ScopeEntry, TradeSecret
from shoumi.server.register.queries.choosing import clearances
from shoumi.server.register.queries.resources import level_rank

Kind = ScopeEntry.Kind


@dataclass(slots=True)
class Knower:
    """One person in the knowledge scope, with every reason for it."""

    person: Person
    department: str = ""
    post: str = ""
    reasons: list[str] = field(default_factory=list)
    cleared: bool = True  # for the level of the secret


def knowers_of(secret: TradeSecret) -> list[Knower]:
    """Return everybody in the knowledge scope who works here today, by department and name."""
    entries = list(secret.scope.select_related("department", "post__department", "person"))
    found: dict[object, Knower] = {}
    engagements = Engagement.objects.filter(engaged_now(), _included(secret, entries))
    for row in engagements.select_related("person__user", "department", "post").order_by(
        "department__code", "pk"
    ):
        knower = found.setdefault(
            row.person_id, Knower(row.person, str(row.department), str(row.post) if row.post else "")
        )
        for reason in _reasons(secret, entries, row):
            if reason not in knower.reasons:
                knower.reasons.append(reason)
    rank, cleared = level_rank(secret), clearances(found)
    for key, knower in found.items():
        knower.cleared = cleared.get(key, 0) >= rank
    return sorted(
        found.values(), key=lambda knower: (knower.department, knower.person.reading, knower.person.name)
    )


def persons_in_scope(secret: TradeSecret) -> list[Person]:
    """Return everybody in the knowledge scope who works here today."""
    entries = list(secret.scope.select_related("department"))
    engagements = Engagement.objects.filter(engaged_now(), _included(secret, entries))
    return list(Person.objects.filter(pk__in=engagements.values("person_id")).order_by("pk"))


def _included(secret: TradeSecret, entries: list[ScopeEntry]) -> Q:
    """Return the condition on engagements that puts their persons into the scope."""
    wanted = Q(pk__in=())
    for entry in entries:
        if entry.kind == Kind.DEPARTMENTS and entry.department:
            wanted |= Q(department__path__startswith=entry.department.path)
        elif entry.kind == Kind.ALL_STAFF:
            wanted |= Q(department__entity=secret.entity_id)
    posts = [entry.post_id for entry in entries if entry.kind == Kind.POSTS]
    persons = [entry.person_id for entry in entries if entry.kind == Kind.PERSONS]
    return wanted | Q(post__in=posts) | Q(person__in=persons)


def _reasons(secret: TradeSecret, entries: list[ScopeEntry], row: Engagement) -> list[str]:
    reasons = []
    for entry in entries:
        if entry.kind == Kind.PERSONS and entry.person_id == row.person_id:
            reasons.append(_("named"))
        elif entry.kind == Kind.POSTS and entry.post and entry.post_id == row.post_id:
            reasons.append(_("post: %(post)s") % {"post": entry.post})
        elif entry.kind == Kind.DEPARTMENTS and entry.department and _below(entry.department, row.department):
            reasons.append(_("department: %(department)s") % {"department": entry.department})
        elif entry.kind == Kind.ALL_STAFF and row.department.entity_id == secret.entity_id:
            reasons.append(_("all staff"))
    return reasons


def _below(upper: Department, lower: Department) -> bool:
    return lower.path.startswith(upper.path)
