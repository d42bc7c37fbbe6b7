"""Which rows of assurance a user may see, exactly as the rules decide, and the rows as the rules see them.

The roles are those of `engine/policy/cedar/organisation.cedar`; a test compares both.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.engine.policy import COMPANY, Resource, Role, resources
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Finding, Inspection, PlanTask, Resolution
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import department_places
from shoumi.server.people.queries.listing import scopes_of

VIEWERS = frozenset({Role.SECRECY_OFFICER, Role.LEADER, Role.LEGAL, Role.AUDITOR})
DEPARTMENT_VIEWERS = frozenset({Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER})


def entities_governed(user: User, roles: Iterable[Role] = VIEWERS) -> QuerySet[LegalEntity]:
    """Return the legal entities whose organisation of secrecy `user` may see as a whole."""
    return LegalEntity.objects.filter(_within(scopes_of(user, roles), "pk", None)).order_by("code")


def inspections_visible(user: User) -> QuerySet[Inspection]:
    """Return the inspections of the entities that `user` may see as a whole."""
    rows = Inspection.objects.select_related("entity", "lead", "beside")
    return rows.filter(_within(scopes_of(user, VIEWERS), "entity", None))


def findings_visible(user: User) -> QuerySet[Finding]:
    """Return the findings that `user` may see: of their remit, and those they have to put right."""
    rows = Finding.objects.select_related("inspection__entity", "department__entity", "owner")
    scopes = scopes_of(user, VIEWERS | DEPARTMENT_VIEWERS)
    return rows.filter(_within(scopes, "department__entity", "department") | _own(user, "owner"))


def tasks_visible(user: User) -> QuerySet[PlanTask]:
    """Return the tasks of plans that `user` may see: of their remit, and their own."""
    rows = PlanTask.objects.select_related("plan__entity", "owner", "department")
    scopes = scopes_of(user, VIEWERS | DEPARTMENT_VIEWERS)
    return rows.filter(_within(scopes, "plan__entity", "department") | _own(user, "owner"))


def resolutions_visible(user: User) -> QuerySet[Resolution]:
    """Return the resolutions that `user` may see: of their remit, and those they carry out."""
    rows = Resolution.objects.select_related("meeting__body__entity", "owner")
    scopes = scopes_of(user, VIEWERS)
    return rows.filter(_within(scopes, "meeting__body__entity", None) | _own(user, "owner"))


def finding_resource(finding: Finding) -> Resource:
    """Return a finding as the rules see it."""
    reporters = {str(finding.rectified_by_id)} if finding.rectified_by_id else set()
    return resources.work(
        str(finding.pk),
        doers=_doers(finding.owner),
        reporters=reporters,
        places=department_places(finding.department),
    )


def task_resource(task: PlanTask) -> Resource:
    """Return a task of a plan as the rules see it."""
    places = {entity_scope(task.plan.entity_id)}
    if task.department is not None:
        places |= department_places(task.department)
    return resources.work(str(task.pk), doers=_doers(task.owner), places=places)


def resolution_resource(resolution: Resolution) -> Resource:
    """Return a resolution as the rules see it."""
    places = {entity_scope(resolution.meeting.body.entity_id)}
    return resources.work(str(resolution.pk), doers=_doers(resolution.owner), places=places)


def _doers(person: Person) -> set[str]:
    return {str(person.user_id)} if person.user_id else set()


def _own(user: User, path: str) -> Q:
    """Return the condition that the row is the user's own to do, while they may act at all."""
    acting = scopes_of(user, (Role.EMPLOYEE,))
    return Q(**{f"{path}__user": user}) if acting else Q(pk__in=())


def _within(scopes: Iterable[str], entity: str, department: str | None) -> Q:
    """Return the condition that a row stands within one of `scopes`; paths lead to entity and department."""
    places = set(scopes)
    if COMPANY in places:
        return ~Q(pk__in=())
    within = Q(**{f"{entity}__in": _ids(places, "entity")})
    if department is not None:
        for path in Department.objects.filter(pk__in=_ids(places, "department")).values_list(
            "path", flat=True
        ):
            within |= Q(**{f"{department}__path__startswith": path})
    return within


def _ids(places: Iterable[str], kind: str) -> list[UUID]:
    found = []
    for place in places:
        head, _, identifier = place.partition(":")
        if head == kind:
            found.append(UUID(identifier))
    return found
