"""Begins, ends and moves engagements; history is kept, nothing is overwritten.

An engagement ends on the first day without rights.  Moving ends the old one and begins the new one on the
same day, in one transaction and one ledger entry.  What must happen when somebody leaves or moves (handover,
talks, accounts) is the task of `lifecycle`; it begins at the ledger entries and at these services.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, EndReason, Engagement, EngagementKind, Person, Post
from shoumi.server.people.occurrences import post_changed
from shoumi.server.people.queries import department_places, person_places, person_resource, today_of
from shoumi.server.people.services.editing import FieldMissingError, locked, record, text_of
from shoumi.server.people.services.posts import DepartmentClosedError


class EngagementKindError(InputError):
    """The kind is none of ours."""

    code = "people.engagement_kind"
    message = "“{kind}” is not a kind of engagement."


class PostElsewhereError(InputError):
    """The post belongs to another department, or is closed."""

    code = "people.post_elsewhere"
    message = "The post “{post}” is not an open post of “{department}”."


class EndsBeforeStartError(InputError):
    """The end lies before the beginning."""

    code = "people.ends_before_start"
    message = "It would end on {ends_on}, before it begins on {starts_on}."


class EngagementOverlapError(ConflictError):
    """The person holds this post in that time already."""

    code = "people.engagement_overlap"
    message = "The person holds this post already from {starts_on} to {ends_on}."


class EngagementEndedError(ConflictError):
    """The engagement is over; history is not rewritten."""

    code = "people.engagement_ended"
    message = "The engagement ended on {ends_on}; what is past is not rewritten."


@dataclass(frozen=True, slots=True)
class Terms:
    """As what, where and when somebody works."""

    kind: str
    department: Department
    starts_on: date
    post: Post | None = None
    ends_on: date | None = None
    contractor: str = ""


def engagement_start(*, actor: User, person: Person, terms: Terms) -> Engagement:
    """Begin an engagement, today, in the past or in the future.

    Raises:
        NotPermittedError: the actor does not manage this person there, or it is their own record.
        EngagementOverlapError and the errors of `engagement_made`.
    """
    places = person_places(person) | department_places(terms.department)
    gate.require(actor, Action.PERSON_EDIT, resources.person(str(person.pk), places))
    with transaction.atomic():
        row = locked(Person, person.pk, None)
        engagement = engagement_made(person=row, terms=terms)
        check_overlap(engagement, row.engagements.select_related("department__entity"))
        engagement.save(force_insert=True)
        record(
            LedgerTag.PEOPLE_ENGAGEMENT_STARTED,
            actor=actor,
            subject=engagement.ledger_subject,
            detail=facts_of(engagement),
        )
    return engagement


def engagement_made(*, person: Person, terms: Terms) -> Engagement:
    """Return an engagement that is not stored yet.

    Raises:
        EngagementKindError, DepartmentClosedError, PostElsewhereError, EndsBeforeStartError,
        FieldMissingError: each as it says.
    """
    if terms.kind not in EngagementKind.values:
        raise EngagementKindError(kind=terms.kind)
    if not terms.department.is_open and terms.ends_on is None:
        raise DepartmentClosedError(name=terms.department.name)
    post = terms.post
    if post and (post.department_id != terms.department.pk or (not post.is_open and terms.ends_on is None)):
        raise PostElsewhereError(post=post.title, department=terms.department.name)
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise EndsBeforeStartError(ends_on=terms.ends_on.isoformat(), starts_on=terms.starts_on.isoformat())
    contractor = text_of(Engagement, "contractor", terms.contractor)
    if terms.kind == EngagementKind.CONTRACTORS_WORKER and not contractor:
        raise FieldMissingError(field=str(Engagement._meta.get_field("contractor").verbose_name))  # noqa: SLF001
    return Engagement(
        id=uuid4(),
        person=person,
        kind=terms.kind,
        department=terms.department,
        post=post,
        contractor=contractor,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        created_at=clock().now(),
    )


def check_overlap(engagement: Engagement, others: Iterable[Engagement]) -> None:
    """Return if the person does not hold the same post (or place, without a post) in that time.

    Raises:
        EngagementOverlapError: they do; the fields tell since and until when.
    """
    for other in others:
        same = other.department_id == engagement.department_id and other.post_id == engagement.post_id
        if other.pk == engagement.pk or not same:
            continue
        before = other.ends_on is not None and other.ends_on <= engagement.starts_on
        after = engagement.ends_on is not None and engagement.ends_on <= other.starts_on
        if not before and not after:
            end = other.ends_on.isoformat() if other.ends_on else "…"
            raise EngagementOverlapError(starts_on=other.starts_on.isoformat(), ends_on=end)


def engagement_end(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    engagement: Engagement,
    expected_version: int,
    ends_on: date,
    reason: str = "",
    note: str = "",
) -> Engagement:
    """End an engagement on `ends_on`, the first day without rights; it may lie ahead or behind.

    An end that lies ahead can be changed until it has come.

    Raises:
        NotPermittedError: the actor does not manage this person, or it is their own record.
        RecordChangedError, EngagementEndedError, EndsBeforeStartError: each as it says.
    """
    gate.require(actor, Action.PERSON_EDIT, person_resource(engagement.person))
    with transaction.atomic():
        row = locked(Engagement, engagement.pk, expected_version)
        end_written(row, ends_on=ends_on, reason=reason, note=note)
        row.save()
        record(
            LedgerTag.PEOPLE_ENGAGEMENT_ENDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"engagement": str(row.pk), "ends_on": ends_on.isoformat(), "reason": row.end_reason},
        )
    return row


def end_written(row: Engagement, *, ends_on: date, reason: str = "", note: str = "") -> None:
    """Write an end into a row that is saved by the caller.

    Raises:
        EngagementEndedError, EndsBeforeStartError: each as it says.
    """
    if row.ends_on is not None and row.ends_on <= today_of(row.department.entity):
        raise EngagementEndedError(ends_on=row.ends_on.isoformat())
    if ends_on < row.starts_on:
        raise EndsBeforeStartError(ends_on=ends_on.isoformat(), starts_on=row.starts_on.isoformat())
    row.ends_on = ends_on
    row.end_reason = reason if reason in EndReason.values else ""
    row.end_note = text_of(Engagement, "end_note", note)
    row.version += 1


def engagement_move(
    *, actor: User, engagement: Engagement, expected_version: int, terms: Terms, note: str = ""
) -> Engagement:
    """End an engagement and begin another on the day `terms.starts_on`; return the new one.

    Raises:
        NotPermittedError: the actor does not manage this person here and there.
        RecordChangedError, EngagementOverlapError, and the errors of ending and beginning.
    """
    person = engagement.person
    gate.require(actor, Action.PERSON_EDIT, person_resource(person))
    there = resources.person(str(person.pk), department_places(terms.department))
    gate.require(actor, Action.PERSON_EDIT, there)
    with transaction.atomic():
        locked(Person, person.pk, None)
        row = locked(Engagement, engagement.pk, expected_version)
        end_written(row, ends_on=terms.starts_on, reason=EndReason.MOVED, note=note)
        row.save()
        following = engagement_made(person=person, terms=terms)
        check_overlap(following, person.engagements.select_related("department__entity"))
        following.save(force_insert=True)
        record(
            LedgerTag.PEOPLE_ENGAGEMENT_MOVED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"before": str(row.pk), **facts_of(following)},
        )
        post_changed.send(sender=Engagement, actor=actor, person=person, before=row, after=following)
    return following


def contractor_correct(
    *, actor: User, engagement: Engagement, expected_version: int, contractor: str
) -> Engagement:
    """Correct the name of the employing company, the one fact of an engagement that may be mistyped.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.PERSON_EDIT, person_resource(engagement.person))
    with transaction.atomic():
        row = locked(Engagement, engagement.pk, expected_version)
        needed = row.kind == EngagementKind.CONTRACTORS_WORKER
        before, row.contractor = (
            row.contractor,
            text_of(Engagement, "contractor", contractor, required=needed),
        )
        row.version += 1
        row.save()
        record(
            LedgerTag.PEOPLE_ENGAGEMENT_CORRECTED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"engagement": str(row.pk), "before": before, "after": row.contractor},
        )
    return row


def facts_of(engagement: Engagement) -> dict[str, str]:
    """Return what the ledger keeps of an engagement: ids and days, no names."""
    return {
        "engagement": str(engagement.pk),
        "kind": engagement.kind,
        "department": str(engagement.department_id),
        "post": str(engagement.post_id or ""),
        "starts_on": engagement.starts_on.isoformat(),
        "ends_on": engagement.ends_on.isoformat() if engagement.ends_on else "",
    }
