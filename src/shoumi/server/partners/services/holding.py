"""Holds meetings: tells the requirements, keeps pledges, opens, hands papers out and counts them.

Follows the seed guide 五(六)4(3), (5), (6).  A meeting opens only when the measures before it are recorded,
and is closed only when every copy is back or it is said what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_noop

from shoumi.engine.policy import Action, Role
from shoumi.engine.workflow import MEETING, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.notifications.services import notify
from shoumi.server.partners.models import Handout, Meeting, Paper, Participant
from shoumi.server.partners.queries.measures import missing_after, missing_before, requirements_sha256
from shoumi.server.partners.queries.visible import meeting_resource
from shoumi.server.partners.services.errors import (
    HandoutError,
    MeasuresMissingError,
    PaperError,
    ParticipantError,
)
from shoumi.server.partners.services.planning import in_state
from shoumi.server.people.services.editing import record, text_of
from shoumi.server.register.models import TradeSecret

MISSING = gettext_noop("Copies handed out in the meeting “%(title)s” did not come back.")
MISSING_MAIL = gettext_noop("Copies handed out in a meeting did not come back.")
State = Meeting.State


def participants_tell(*, actor: User, meeting: Meeting, participants: Iterable[Participant]) -> int:
    """Record that participants were told the present requirements; return how many were.

    Raises:
        NotPermittedError, MeetingStateError: each as it says.
        ParticipantError: one is not named for this meeting.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    chosen = list(participants)
    if any(row.meeting_id != meeting.pk for row in chosen):
        raise ParticipantError
    with transaction.atomic():
        row = in_state(meeting, None, State.PLANNED, State.OPEN)
        _told(row, chosen, by=actor)
        record(
            PartnerTag.PARTICIPANTS_TOLD,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "participants": [each.ledger_subject for each in chosen],
                "sha256": requirements_sha256(row),
            },
        )
    return len(chosen)


def requirements_acknowledge(*, actor: User, participant: Participant, sha256: str) -> Participant:
    """Record that the actor, who is this participant, has read the requirements of hash `sha256`.

    Raises:
        NotPermittedError: the actor is not named for the meeting.
        ParticipantError: it is somebody else's place, or the requirements have changed since they were shown.
    """
    gate.require(actor, Action.MEETING_ATTEND, meeting_resource(participant.meeting))
    own = participant.person_id is not None and str(participant.person_id) == gate.subject_of(actor).person
    with transaction.atomic():
        row = in_state(participant.meeting, None, State.PLANNED, State.OPEN)
        if not own or requirements_sha256(row) != sha256:
            raise ParticipantError
        _told(row, [participant], by=None)
        append(
            PartnerTag.REQUIREMENTS_ACKNOWLEDGED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={"participant": participant.ledger_subject, "sha256": sha256},
        )
    return participant


def pledge_keep(*, actor: User, participant: Participant, stored: StoredFile) -> Participant:
    """Keep the pledge that an outsider signed.

    Raises:
        NotPermittedError, MeetingStateError: each as it says.
        ParticipantError: the participant is a person of the company, whose agreements are kept elsewhere.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(participant.meeting))
    if participant.person_id is not None:
        raise ParticipantError
    with transaction.atomic():
        row = in_state(participant.meeting, None, State.PLANNED, State.OPEN)
        (participant.pledge,) = files_adopt(actor=actor, chosen=[stored])
        participant.save(update_fields=["pledge"])
        record(
            PartnerTag.PLEDGE_KEPT,
            actor=actor,
            subject=row.ledger_subject,
            detail={"participant": participant.ledger_subject, "sha256": participant.pledge.sha256},
        )
    return participant


def meeting_open(*, actor: User, meeting: Meeting, expected_version: int) -> Meeting:
    """Open a meeting; who opens it has seen to it that the devices stay outside.

    Raises:
        NotPermittedError, RecordChangedError, MeetingStateError: each as it says.
        MeasuresMissingError: a measure is missing; all are named.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    with transaction.atomic():
        row = in_state(meeting, expected_version, State.PLANNED)
        _verify_nothing(missing_before(row))
        row.state, row.opened_at = advance(MEETING, row.state, "open"), clock().now()
        row.devices_checked_by = actor
        row.version += 1
        row.save()
        record(
            PartnerTag.MEETING_OPENED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "requirements": requirements_sha256(row),
                "participants": [each.ledger_subject for each in row.participants.select_related("person")],
                "devices": list(row.devices),
            },
        )
    return row


def paper_add(*, actor: User, meeting: Meeting, title: str, secret: TradeSecret | None = None) -> Paper:
    """Enter a paper that is handed out in copies.

    Raises:
        NotPermittedError, MeetingStateError, FieldMissingError: each as it says.
        PaperError: it is entered already, or its secret is of a higher level than the meeting.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    with transaction.atomic():
        row = in_state(meeting, None, State.PLANNED, State.OPEN)
        text = text_of(Paper, "title", title, required=True)
        if row.papers.filter(title=text).exists():
            raise PaperError(reason="it is entered already")
        paper = Paper.objects.create(meeting=row, title=text, secret=secret)
        record(
            PartnerTag.PAPER_ENTERED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"paper": str(paper.pk), "secret": secret.ledger_subject if secret else ""},
        )
    return paper


def paper_hand_out(*, actor: User, paper: Paper, participants: Iterable[Participant]) -> list[Handout]:
    """Hand a numbered copy to each of `participants`; the numbers go on from the last.

    Raises:
        NotPermittedError, MeetingStateError: each as it says; nothing is handed out before it opens.
        ParticipantError: one is not named for what is secret in this meeting.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(paper.meeting))
    chosen = list(participants)
    if not chosen or any(row.meeting_id != paper.meeting_id or not row.hears_secrets for row in chosen):
        raise ParticipantError
    with transaction.atomic():
        meeting = in_state(paper.meeting, None, State.OPEN)
        last = paper.handouts.aggregate(last=Max("number"))["last"] or 0
        made = [
            Handout.objects.create(
                paper=paper,
                number=number,
                participant=participant,
                handed_at=clock().now(),
                handed_by=actor,
            )
            for number, participant in enumerate(chosen, start=last + 1)
        ]
        record(
            PartnerTag.COPIES_HANDED_OUT,
            actor=actor,
            subject=meeting.ledger_subject,
            detail={
                "paper": str(paper.pk),
                "copies": {str(row.number): row.participant.ledger_subject for row in made},
            },
        )
    return made


def copies_count(
    *,
    actor: User,
    meeting: Meeting,
    returned: Iterable[Handout],
    missing: Mapping[Handout, str] | None = None,
) -> int:
    """Count copies back, and say of others what became of them; return how many are still out.

    Raises:
        NotPermittedError, MeetingStateError, FieldMissingError: each as it says.
        HandoutError: one is settled already, or of another meeting, or named twice.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    back, gone = list(returned), dict(missing or {})
    with transaction.atomic():
        row = in_state(meeting, None, State.OPEN)
        open_ones = {
            each.pk: each
            for each in Handout.objects.select_for_update(no_key=True).filter(
                paper__meeting=row, returned_at__isnull=True, missing=""
            )
        }
        keys = [each.pk for each in (*back, *gone)]
        if len(set(keys)) != len(keys) or not set(keys) <= open_ones.keys():
            raise HandoutError
        for each in back:
            each.returned_at, each.returned_to = clock().now(), actor
            each.save(update_fields=["returned_at", "returned_to"])
        for each, words in gone.items():
            each.missing = text_of(Handout, "missing", words, required=True)
            each.save(update_fields=["missing"])
        record(
            PartnerTag.COPIES_COUNTED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "back": sorted(f"{each.paper_id}/{each.number}" for each in back),
                "missing": {f"{each.paper_id}/{each.number}": each.missing for each in gone},
            },
        )
    return len(open_ones) - len(keys)


def meeting_close(*, actor: User, meeting: Meeting, expected_version: int) -> Meeting:
    """Close a meeting whose papers are counted; the secrecy office hears of copies that did not come back.

    Raises:
        NotPermittedError, RecordChangedError, MeetingStateError: each as it says.
        MeasuresMissingError: copies are out.
    """
    gate.require(actor, Action.MEETING_LEAD, meeting_resource(meeting))
    with transaction.atomic():
        row = in_state(meeting, expected_version, State.OPEN)
        _verify_nothing(missing_after(row))
        lost = Handout.objects.filter(paper__meeting=row).exclude(missing="").count()
        row.state, row.closed_at = advance(MEETING, row.state, "close"), clock().now()
        row.version += 1
        row.save()
        if lost:
            notify(
                users=set(role_holders(Role.SECRECY_OFFICER, row.department.scope)),
                message=MISSING,
                parameters={"title": row.title},
                link=reverse("partners:meeting_detail", args=[row.pk]),
                mail_text=MISSING_MAIL,
            )
        record(
            PartnerTag.MEETING_CLOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"lost": str(lost)},
        )
    return row


def _told(meeting: Meeting, participants: Iterable[Participant], *, by: User | None) -> None:
    for row in participants:
        row.informed_at, row.informed_by = clock().now(), by
        row.informed_sha256 = requirements_sha256(meeting)
        row.save(update_fields=["informed_at", "informed_by", "informed_sha256"])


def _verify_nothing(missing: list[str]) -> None:
    if missing:
        raise MeasuresMissingError(missing=" ".join(missing), list=tuple(missing))
