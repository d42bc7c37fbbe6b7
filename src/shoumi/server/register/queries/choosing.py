"""What a proposer chooses from: the departments, posts and persons of a legal entity."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Max, QuerySet

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Department, Engagement, Person, Post
from shoumi.server.people.queries import department_resource, engaged_now

ASKED_AT_ONCE = 10


def departments_of(entity_id: object) -> QuerySet[Department]:
    """Return the departments of an entity in the order of the tree."""
    return (
        Department.objects.filter(entity_id=entity_id, closed_on=None)
        .select_related("parent")
        .order_by("code")
    )


def posts_of(entity_id: object) -> QuerySet[Post]:
    """Return the posts of an entity, department by department."""
    rows = Post.objects.filter(department__entity_id=entity_id, closed_on=None).select_related("department")
    return rows.order_by("department__code", "-level", "title")


def persons_of(entity_id: object) -> QuerySet[Person]:
    """Return the persons who are engaged by an entity now, by name."""
    engaged = Engagement.objects.filter(engaged_now(), department__entity=entity_id)
    return Person.objects.filter(pk__in=engaged.values("person_id")).order_by("reading", "number")


def clearances(person_ids: Iterable[object]) -> dict[object, int]:
    """Return the highest level of the posts that each person holds now, by person."""
    rows = Engagement.objects.filter(engaged_now(), person__in=list(person_ids), post__isnull=False)
    return dict(rows.values_list("person").annotate(highest=Max("post__level")))


def any_department(user: User, action: Action, resource_of: Callable[[Department], Resource]) -> bool:
    """Tell whether there is an open department for whose `resource_of` the user may do `action`.

    Asked in small portions, so that whoever may is known soon, however many departments there are.
    """
    rows = list(Department.objects.filter(closed_on=None).select_related("entity").order_by("path"))
    portions = (rows[at : at + ASKED_AT_ONCE] for at in range(0, len(rows), ASKED_AT_ONCE))
    return any(
        decision.permitted
        for portion in portions
        for decision in gate.decide_each(user, [(action, resource_of(row)) for row in portion])
    )


def departments_to_propose_for(user: User) -> list[Department]:
    """Return the departments for which `user` may propose, asked of the gate one by one."""
    return departments_for(user, Action.SECRET_PROPOSE, department_resource)


def departments_for(
    user: User, action: Action, resource_of: Callable[[Department], Resource]
) -> list[Department]:
    """Return the open departments for whose `resource_of` the user may do `action`, asked one by one."""
    rows = list(Department.objects.filter(closed_on=None).select_related("entity").order_by("entity", "code"))
    wishes = [(action, resource_of(row)) for row in rows]
    decisions = gate.decide_each(user, wishes)
    return [row for row, decision in zip(rows, decisions, strict=True) if decision.permitted]
