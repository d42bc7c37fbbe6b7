"""Which rows of training a user may see, exactly as the rules decide, and the rows as the rules see them.

The roles are those of `engine/policy/cedar/training.cedar`; a test compares both.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.engine.policy import COMPANY, Action, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, person_places
from shoumi.server.people.queries.listing import persons_within, scopes_of
from shoumi.server.training.models import Assignment, Campaign, Certificate, Course, PlannedSession

RUNNERS = frozenset({Role.SECRECY_OFFICER, Role.HR})
VIEWERS = RUNNERS | {Role.LEADER, Role.LEGAL, Role.AUDITOR}
SEE_RESULTS = RUNNERS | {Role.LEGAL, Role.AUDITOR}
SEE_STANDING = VIEWERS | {Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER}


def learner_resource(person: Person) -> Resource:
    """Return what is kept of a person's training as the rules see it."""
    return resources.training(str(person.pk), person_places(person))


def entities_seen(user: User, roles: Iterable[Role] = VIEWERS) -> QuerySet[LegalEntity]:
    """Return the legal entities whose training `user` may see."""
    scopes = scopes_of(user, roles)
    rows = LegalEntity.objects.order_by("code")
    if COMPANY in scopes:
        return rows
    keys = [UUID(scope.partition(":")[2]) for scope in scopes if scope.startswith("entity:")]
    return rows.filter(pk__in=keys)


def entities_run(user: User) -> list[LegalEntity]:
    """Return the legal entities for which `user` writes courses and runs campaigns."""
    rows = list(entities_seen(user, RUNNERS))
    wishes = [(Action.TRAINING_EDIT, entity_resource(entity)) for entity in rows]
    decisions = gate.decide_each(user, wishes)
    return [entity for entity, decision in zip(rows, decisions, strict=True) if decision.permitted]


def courses_visible(user: User) -> QuerySet[Course]:
    """Return the courses that `user` may see in every state."""
    return Course.objects.filter(entity__in=entities_seen(user)).select_related("entity")


def campaigns_visible(user: User) -> QuerySet[Campaign]:
    """Return the campaigns that `user` may see."""
    rows = Campaign.objects.filter(course__entity__in=entities_seen(user))
    return rows.select_related("course__entity", "started_by")


def sessions_visible(user: User) -> QuerySet[PlannedSession]:
    """Return the planned trainings that `user` may see."""
    rows = PlannedSession.objects.filter(entity__in=entities_seen(user), struck_on=None)
    return rows.select_related("entity", "course")


def assignments_visible(user: User, roles: Iterable[Role] = SEE_STANDING) -> QuerySet[Assignment]:
    """Return the assignments of which `user` may see whether they are done, their own among them."""
    return _of_persons_seen(assignments(), user, roles)


def assignments() -> QuerySet[Assignment]:
    """Return all assignments with what lists show."""
    return Assignment.objects.select_related("campaign__course__entity", "person")


def certificates_visible(user: User) -> QuerySet[Certificate]:
    """Return the certificates that `user` may see, their own among them."""
    rows = Certificate.objects.select_related("person", "version__course__entity")
    return _of_persons_seen(rows, user, SEE_RESULTS)


def _of_persons_seen(rows: QuerySet, user: User, roles: Iterable[Role]) -> QuerySet:
    """Return the rows about persons of whom `user` may see something, and those about the user."""
    scopes = scopes_of(user, roles)
    if COMPANY in scopes:
        return rows
    subject = gate.subject_of(user)
    own = Q(person=subject.person) if subject.person and scopes_of(user, Role) else Q(pk__in=())
    return rows.filter(own | persons_within(scopes, "person"))
