"""The leading body: set up, its seats, its meetings with minutes, and what became of each resolution.

Follows the guide 二(一) (leading body or group) and 二(二)2 (its decisions are carried out).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db.models import Max

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import BodyMember, LeadingBody, Meeting, Resolution
from shoumi.server.assurance.queries.access import resolution_resource
from shoumi.server.assurance.services.notices import tell_persons
from shoumi.server.assurance.services.writing import (
    AlreadyEndedError,
    StandsTwiceError,
    lines_of,
    subject_of,
    verify_order,
    verify_past,
)
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing


def body_establish(  # noqa: PLR0913 - the facts of its founding, each named
    *, actor: User, entity: LegalEntity, form: str, name: str, since: date, decision: StoredFile | None = None
) -> LeadingBody:
    """Set the leading body of a legal entity up; a former one must have ended.

    Raises:
        NotPermittedError, StandsTwiceError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_BODY_CHANGED,
    ) as entry:
        if LeadingBody.objects.filter(entity=entity, until__isnull=True).exists():
            raise StandsTwiceError
        body = LeadingBody.objects.create(
            id=uuid4(),
            entity=entity,
            form=LeadingBody.Form(form),
            name=text_of(LeadingBody, "name", name, required=True),
            since=since,
            decision=decision,
            created_at=clock().now(),
        )
        entry.subject = subject_of(body)
        entry.detail = {"entity": str(entity.pk), "event": "established", "since": since.isoformat()}
    return body


def body_end(*, actor: User, body: LeadingBody, expected_version: int, until: date) -> LeadingBody:
    """End a leading body; its seats end with it."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(body.entity),
        tag=LedgerTag.ASSURANCE_BODY_CHANGED,
    ) as entry:
        row = locked(LeadingBody, body.pk, expected_version)
        if row.until is not None:
            raise AlreadyEndedError
        verify_order(row.since, until)
        row.until = until
        counted(row)
        row.members.filter(until__isnull=True).update(until=until)
        entry.subject = subject_of(row)
        entry.detail = {"event": "ended", "until": until.isoformat()}
    return row


def member_seat(*, actor: User, body: LeadingBody, person: Person, seat: str, since: date) -> BodyMember:
    """Give a person a seat; there is one chair, and nobody sits twice.

    Raises:
        NotPermittedError, StandsTwiceError, AlreadyEndedError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(body.entity),
        tag=LedgerTag.ASSURANCE_BODY_CHANGED,
    ) as entry:
        row = locked(LeadingBody, body.pk, None)
        if row.until is not None:
            raise AlreadyEndedError
        seats = row.members.filter(until__isnull=True)
        taken = seats.filter(person=person).exists()
        chaired = seat == BodyMember.Seat.CHAIR and seats.filter(seat=seat).exists()
        if taken or chaired:
            raise StandsTwiceError
        member = BodyMember.objects.create(
            body=row, person=person, seat=BodyMember.Seat(seat), since=since, created_at=clock().now()
        )
        entry.subject = subject_of(row)
        entry.detail = {"event": "seated", "person": str(person.pk), "seat": seat}
    return member


def member_leave(*, actor: User, member: BodyMember, expected_version: int, until: date) -> BodyMember:
    """End a seat."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(member.body.entity),
        tag=LedgerTag.ASSURANCE_BODY_CHANGED,
    ) as entry:
        row = locked(BodyMember, member.pk, expected_version)
        if row.until is not None:
            raise AlreadyEndedError
        verify_order(row.since, until)
        row.until = until
        counted(row)
        entry.subject = subject_of(member.body)
        entry.detail = {"event": "left", "person": str(row.person_id), "until": until.isoformat()}
    return row


def meeting_record(  # noqa: PLR0913 - the facts of a meeting, each named
    *,
    actor: User,
    body: LeadingBody,
    held_on: date,
    subject: str,
    attendees: Sequence[Person],
    minutes: StoredFile,
) -> Meeting:
    """Record a meeting with who was there and its minutes.

    Raises:
        NotPermittedError, FutureDayError, FieldMissingError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(body.entity),
        tag=LedgerTag.ASSURANCE_MEETING_RECORDED,
    ) as entry:
        verify_past(held_on, today_of(body.entity))
        meeting = Meeting.objects.create(
            body=body,
            held_on=held_on,
            subject=text_of(Meeting, "subject", subject, required=True),
            minutes=minutes,
            created_at=clock().now(),
        )
        meeting.attendees.set(attendees)
        entry.subject = subject_of(meeting)
        entry.detail = {
            "body": str(body.pk),
            "held_on": held_on.isoformat(),
            "minutes_sha256": minutes.sha256,
            "attendees": sorted(str(person.pk) for person in attendees),
        }
    return meeting


def resolution_add(*, actor: User, meeting: Meeting, text: str, owner: Person, due_on: date) -> Resolution:
    """Record what a meeting resolved, who carries it out and by when; they are told."""
    entity = meeting.body.entity
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_RESOLUTION_CHANGED,
    ) as entry:
        locked(Meeting, meeting.pk, None)
        last = meeting.resolutions.aggregate(last=Max("number"))["last"] or 0
        row = Resolution.objects.create(
            meeting=meeting,
            number=last + 1,
            text=lines_of(Resolution, "text", text),
            owner=owner,
            due_on=due_on,
            created_at=clock().now(),
        )
        tell_persons([owner], "resolution", {"due_on": due_on.isoformat()})
        entry.subject = subject_of(row)
        entry.detail = {"event": "resolved", "meeting": str(meeting.pk), "due_on": due_on.isoformat()}
    return row


def resolution_close(  # noqa: PLR0913 - the outcome of a resolution, each part named
    *,
    actor: User,
    resolution_id: UUID,
    expected_version: int,
    done: bool,
    outcome: str,
    proof: StoredFile | None = None,
) -> Resolution:
    """Say that a resolution was carried out or dropped, how, and with which proof.

    Raises:
        NotPermittedError, AlreadyEndedError, FieldMissingError: each as it says.
    """
    found = Resolution.objects.select_related("meeting__body__entity", "owner").get(pk=resolution_id)
    with writing(
        actor=actor,
        action=Action.WORK_REPORT,
        resource=resolution_resource(found),
        tag=LedgerTag.ASSURANCE_RESOLUTION_CHANGED,
    ) as entry:
        row = locked(Resolution, found.pk, expected_version)
        if row.state != Resolution.State.OPEN:
            raise AlreadyEndedError
        row.state = Resolution.State.DONE if done else Resolution.State.DROPPED
        row.outcome = lines_of(Resolution, "outcome", outcome)
        row.proof = proof
        row.closed_on = today_of(found.meeting.body.entity)
        counted(row)
        entry.subject = subject_of(row)
        entry.detail = {"event": row.state, "proof_sha256": proof.sha256 if proof else None}
    return row
