"""Who a user is for the rules: roles from grants, places, posts and clearance from today's engagements.

Follows `engine.policy`: clearance is the highest level of the posts held today.  A person whose engagement
ended has no roles and no places from the first moment of that day, whatever was granted to them.
Accounts without a person (outside counsel, a technician) have their grants and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shoumi.engine.policy import HeldRole, Role, Subject, department_scope, entity_scope
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import held_roles
from shoumi.server.people.models import Engagement, EngagementKind, Person
from shoumi.server.people.queries.days import end_moment, holds, today_of

OWN_STAFF = (EngagementKind.EMPLOYEE, EngagementKind.DISPATCHED_WORKER)


def subject_of(user: User) -> Subject:
    """Return who `user` is for the rules now; two or three queries."""
    engagements = list(
        Engagement.objects.filter(person__user=user)
        .select_related("person", "department__entity", "post")
        .order_by()  # `_rank` puts them in order
    )
    person = engagements[0].person if engagements else Person.objects.filter(user=user).first()
    if person is None:
        return Subject(id=str(user.pk), roles=held_roles(user), active=user.is_active)
    current = [engagement for engagement in engagements if holds(engagement)]
    if not current:
        return Subject(
            id=str(user.pk),
            person=str(person.pk),
            active=user.is_active,
            ends_at=_ended(engagements),
        )
    return _engaged(user, person, sorted(current, key=_rank))


def _engaged(user: User, person: Person, current: Sequence[Engagement]) -> Subject:
    """Return the subject of somebody who works here; the first engagement is the main one."""
    main = current[0].department
    above = {str(part) for engagement in current for part in engagement.department.path_ids}
    posts = [engagement.post for engagement in current if engagement.post]
    ends = [end_moment(engagement) for engagement in current]
    return Subject(
        id=str(user.pk),
        roles=held_roles(user) | {_employee(engagement) for engagement in current},
        person=str(person.pk),
        legal_entity=str(main.entity_id),
        department=str(main.pk),
        departments=tuple(sorted(above - {str(main.pk)})),
        posts=frozenset(str(post.pk) for post in posts),
        clearance=max((post.level for post in posts), default=0),
        active=user.is_active,
        ends_at=None if None in ends else max(end for end in ends if end is not None),
    )


def _employee(engagement: Engagement) -> HeldRole:
    """Return the role that comes with working here: own staff in the entity, others in their department."""
    department = engagement.department
    own = engagement.kind in OWN_STAFF
    return HeldRole(
        Role.EMPLOYEE, entity_scope(department.entity_id) if own else department_scope(department.pk)
    )


def _rank(engagement: Engagement) -> tuple[bool, object, str]:
    return engagement.kind not in OWN_STAFF, engagement.starts_on, str(engagement.pk)


def _ended(engagements: Sequence[Engagement]) -> datetime | None:
    """Return since when there is no engagement, None for somebody who has not begun yet."""
    ends = [
        end_moment(engagement)
        for engagement in engagements
        if engagement.ends_on is not None and engagement.ends_on <= today_of(engagement.department.entity)
    ]
    return max((end for end in ends if end is not None), default=None)
