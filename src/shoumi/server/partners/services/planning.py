"""Plans meetings on secrets, changes and calls them off, and names who takes part.

Follows the seed guide 五(六)4(1), (2), (4), (5).  A change of what participants are told makes it necessary
to tell them anew: that is judged by `queries.measures`, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Action
from shoumi.engine.workflow import MEETING, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.services import notify
from shoumi.server.partners.models import Handout, Meeting, Participant
from shoumi.server.partners.queries.visible import meeting_resource
from shoumi.server.partners.services.errors import (
    MeetingStateError,
    MeetingTimesError,
    ParticipantError,
    ParticipantHoldsError,
)
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import department_resource
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import Zone
from shoumi.server.register.models import ThirdParty

LONGEST = timedelta(days=14)
NAMED = gettext_noop("You are named for the meeting “%(title)s”. Read what is asked of you.")
NAMED_MAIL = gettext_noop("You are named for a meeting.")
State = Meeting.State
TEXTS = ("title", "place", "place_reason", "area", "device_rule")


@dataclass(frozen=True, slots=True)
class MeetingWish:
    """A meeting as it is planned."""

    title: str
    kind: str
    level: int
    department: Department
    host: Person
    starts_at: datetime
    ends_at: datetime
    zone: Zone | None = None
    place: str = ""
    place_reason: str = ""
    area: str = ""
    devices: Sequence[str] = ()
    device_rule: str = ""


def meeting_plan(*, actor: User, wish: MeetingWish) -> Meeting:
    """Plan a meeting.

    Raises:
        NotPermittedError: the actor does not work in the department's legal entity.
        MeetingTimesError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.MEETING_PLAN, department_resource(wish.department))
    _verify_times(wish)
    with transaction.atomic():
        meeting = Meeting.objects.create(
            **_columns(wish),
            planned_by=actor,
            planned_at=clock().now(),
        )
        record(
            PartnerTag.MEETING_PLANNED,
            actor=actor,
            subject=meeting.ledger_subject,
            detail={"kind": meeting.kind, "level": str(meeting.level), "host": meeting.host.ledger_subject},
        )
    return meeting


def meeting_change(*, actor: User, meeting: Meeting, expected_version: int, wish: MeetingWish) -> Meeting:
    """Change a planned meeting.

    Raises:
        NotPermittedError, RecordChangedError, MeetingStateError, MeetingTimesError: each as it says.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    gate.require(actor, Action.MEETING_PLAN, department_resource(wish.department))
    _verify_times(wish)
    with transaction.atomic():
        row = in_state(meeting, expected_version, State.PLANNED)
        changed = []
        for name, value in _columns(wish).items():
            if getattr(row, name) != value:
                changed.append(name)
                setattr(row, name, value)
        row.version += 1
        row.save()
        record(
            PartnerTag.MEETING_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"parts": sorted(changed)},
        )
    return row


def meeting_cancel(*, actor: User, meeting: Meeting, expected_version: int, reason: str) -> Meeting:
    """Call a planned meeting off, saying why.

    Raises:
        NotPermittedError, RecordChangedError, MeetingStateError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    with transaction.atomic():
        row = in_state(meeting, expected_version, State.PLANNED)
        row.reason = text_of(Meeting, "reason", reason, required=True)
        row.state, row.closed_at = advance(MEETING, row.state, "cancel"), clock().now()
        row.version += 1
        row.save()
        record(
            PartnerTag.MEETING_CANCELLED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": row.reason},
        )
    return row


def participant_add(  # noqa: PLR0913 - the parts of a name on the list
    *,
    actor: User,
    meeting: Meeting,
    person: Person | None = None,
    name: str = "",
    organisation: str = "",
    third_party: ThirdParty | None = None,
    hears_secrets: bool = True,
) -> Participant:
    """Name somebody for a meeting; a person of the company with a sign-in is told.

    Raises:
        NotPermittedError, MeetingStateError: each as it says.
        ParticipantError: neither or both of person and name, or named already.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    outsider = text_of(Participant, "name", name)
    if (person is None) == (not outsider):
        raise ParticipantError
    with transaction.atomic():
        row = in_state(meeting, None, State.PLANNED, State.OPEN)
        if person and row.participants.filter(person=person).exists():
            raise ParticipantError
        added = Participant.objects.create(
            meeting=row,
            person=person,
            name=outsider,
            organisation=text_of(Participant, "organisation", "" if person else organisation),
            third_party=None if person else third_party,
            hears_secrets=hears_secrets,
        )
        if person and person.user:
            notify(
                users=[person.user],
                message=NAMED,
                parameters={"title": row.title},
                link=reverse("partners:invitation", args=[added.pk]),
                mail_text=NAMED_MAIL,
            )
        record(
            PartnerTag.PARTICIPANT_NAMED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"participant": added.ledger_subject, "hears_secrets": hears_secrets},
        )
    return added


def participant_remove(*, actor: User, participant: Participant) -> None:
    """Take somebody off the list, as long as no copy was ever handed to them.

    Raises:
        NotPermittedError, MeetingStateError, ParticipantHoldsError: each as it says.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(participant.meeting))
    with transaction.atomic():
        row = in_state(participant.meeting, None, State.PLANNED, State.OPEN)
        if Handout.objects.filter(participant=participant).exists():
            raise ParticipantHoldsError
        subject = participant.ledger_subject
        participant.delete()
        record(
            PartnerTag.PARTICIPANT_REMOVED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"participant": subject},
        )


def in_state(meeting: Meeting, expected_version: int | None, *states: str) -> Meeting:
    """Return the row of a meeting, locked.

    Raises:
        RecordChangedError: another version is expected.
        MeetingStateError: it stands in none of `states`.
    """
    row = locked(Meeting, meeting.pk, expected_version)
    if row.state not in states:
        raise MeetingStateError(state=str(State(row.state).label))
    return row


def _columns(wish: MeetingWish) -> dict[str, object]:
    given = {name: getattr(wish, name) for name in MeetingWish.__dataclass_fields__}
    texts = {name: text_of(Meeting, name, given[name], required=name == "title") for name in TEXTS}
    return {**given, **texts, "devices": sorted(wish.devices)}


def _verify_times(wish: MeetingWish) -> None:
    fits = timedelta() < wish.ends_at - wish.starts_at <= LONGEST
    if not fits or wish.ends_at < clock().now():
        raise MeetingTimesError
