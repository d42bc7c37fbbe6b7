"""Which meetings a user may see, and meetings as the rules see them.

The roles named here are those of `engine/policy/cedar/meetings.cedar`; a test compares both for every role.
Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.policy import Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.partners.models import Meeting, Participant
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import department_places
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.places.queries.visible import within

READERS = frozenset(
    {
        Role.SECRECY_OFFICER,
        Role.LEADER,
        Role.LEGAL,
        Role.DEPARTMENT_OWNER,
        Role.DEPARTMENT_SECRECY_OFFICER,
        Role.AUDITOR,
    }
)


def meetings() -> QuerySet[Meeting]:
    """Return all meetings with what their pages and places need."""
    return Meeting.objects.select_related(
        "department__entity", "host", "zone__entity", "planned_by", "devices_checked_by"
    )


def meetings_visible_to(user: User) -> QuerySet[Meeting]:
    """Return the meetings of which `user` may know."""
    subject = gate.subject_of(user)
    found = within(scopes_of(user, READERS), entity="department__entity", department="department")
    if subject.person and subject.active:
        named = Participant.objects.filter(meeting=OuterRef("pk"), person=subject.person)
        found |= Q(host=subject.person) | Exists(named)
    return meetings().filter(found)


def invitations(user: User) -> QuerySet[Participant]:
    """Return where `user` is named for a meeting that is not called off, next ones first."""
    person = gate.subject_of(user).person
    rows = Participant.objects.filter(person=person) if person else Participant.objects.none()
    rows = rows.exclude(meeting__state=Meeting.State.CANCELLED)
    return rows.select_related("meeting__department__entity", "meeting__zone", "meeting__host").order_by(
        "-meeting__starts_at", "pk"
    )


def departments_to_plan_for(user: User) -> QuerySet[Department]:
    """Return the open departments of the legal entities in which `user` works."""
    scopes = scopes_of(user, [Role.EMPLOYEE])
    keys = [UUID(scope.partition(":")[2]) for scope in scopes if scope.startswith("entity:")]
    entities = LegalEntity.objects.filter(pk__in=keys)
    return Department.objects.filter(entity__in=entities, closed_on__isnull=True).select_related("entity")


def meeting_resource(meeting: Meeting) -> Resource:
    """Return a meeting as the rules see it: one query."""
    named = meeting.participants.filter(person__isnull=False).values_list("person", flat=True)
    return described(str(meeting.pk), meeting.department, meeting.host, named)


def described(key: str, department: Department, host: Person, attendees: Iterable[UUID] = ()) -> Resource:
    """Return a meeting that is, or shall be, as the rules see it."""
    return resources.meeting(
        key,
        host=str(host.pk),
        attendees=[str(each) for each in attendees],
        places=department_places(department),
    )
