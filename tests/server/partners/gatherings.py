"""Meetings at every point of their way, led by somebody of the laboratory."""

from __future__ import annotations

from datetime import timedelta

from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Meeting
from shoumi.server.partners.services import holding
from shoumi.server.partners.services.planning import MeetingWish, meeting_plan, participant_add


def wish(company, **changes) -> MeetingWish:
    now = clock().now()
    given = {
        "title": "烧结工艺评审",
        "kind": "technical_review",
        "level": 2,
        "department": company.lab,
        "host": company.proposer.person,
        "starts_at": now + timedelta(hours=1),
        "ends_at": now + timedelta(hours=3),
        "zone": company.secret,
        "area": "一层材料实验室和会议室",
        "devices": ("phone", "camera"),
        **changes,
    }
    return MeetingWish(**given)


@remembered_subjects()
def planned(company, **changes) -> Meeting:
    return meeting_plan(actor=company.proposer, wish=wish(company, **changes))


def named(company, meeting, person=None, **more):
    person = None if more.get("name") else person or company.colleague.person
    return participant_add(actor=company.proposer, meeting=meeting, person=person, **more)


def told(company, meeting) -> None:
    rows = list(meeting.participants.all())
    holding.participants_tell(actor=company.proposer, meeting=meeting, participants=rows)


@remembered_subjects()
def ready(company, **changes) -> Meeting:
    """Return a planned meeting of which nothing is missing."""
    meeting = planned(company, **changes)
    named(company, meeting)
    told(company, meeting)
    return meeting


@remembered_subjects()
def opened(company, **changes) -> Meeting:
    meeting = ready(company, **changes)
    return holding.meeting_open(actor=company.proposer, meeting=meeting, expected_version=meeting.version)
