"""A meeting opens only when its measures are taken, and is over only when every copy is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.server.partners.gatherings import named, opened, planned, ready, told, wish
from tests.server.register.company import registered, stored
from tests.server.register.operations_company import agreement, third_party

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.notifications.models import Notification
from shoumi.server.partners.models import Handout, Meeting
from shoumi.server.partners.queries.measures import (
    measures_of,
    missing_before,
    requirements_of,
    requirements_sha256,
)
from shoumi.server.partners.services import errors, holding, planning
from shoumi.server.people.services.editing import FieldMissingError, RecordChangedError

State = Meeting.State


def gaps(meeting):
    """Return the ids of the measures that are not taken yet and come before the meeting."""
    return {measure.id for measure in measures_of(meeting) if measure.before and not measure.taken}


@pytest.mark.requirement("MTG-1", "MTG-2", "MTG-3", "MTG-4", "MTG-5", "MTG-6")
def test_the_way_of_a_meeting_from_its_plan_to_the_last_copy(company):
    meeting = planned(company)
    assert gaps(meeting) == {"MTG-2"}, "nobody is named yet"
    one = named(company, meeting)
    assert gaps(meeting) == {"MTG-3"}
    told(company, meeting)
    paper = holding.paper_add(
        actor=company.proposer, meeting=meeting, title="曲线汇总", secret=registered(company)
    )
    with pytest.raises(errors.MeetingStateError):
        holding.paper_hand_out(actor=company.proposer, paper=paper, participants=[one])
    meeting = holding.meeting_open(actor=company.proposer, meeting=meeting, expected_version=meeting.version)
    assert meeting.devices_checked_by == company.proposer
    first, second = (
        holding.paper_hand_out(actor=company.proposer, paper=paper, participants=[one])[0]
        for _copy in range(2)
    )
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(errors.MeasuresMissingError):
        holding.meeting_close(actor=company.proposer, meeting=meeting, expected_version=meeting.version)
    left = holding.copies_count(actor=company.proposer, meeting=meeting, returned=[first])
    assert left == 1
    holding.copies_count(
        actor=company.proposer, meeting=meeting, returned=[], missing={second: "会上当场销毁,有录像"}
    )
    meeting = holding.meeting_close(actor=company.proposer, meeting=meeting, expected_version=meeting.version)
    assert meeting.state == State.CLOSED
    assert [entry.tag for entry in entries_of(meeting.ledger_subject)] == [
        "partners:meeting:planned",
        "partners:participant:named",
        "partners:participants:told",
        "partners:paper:entered",
        "partners:meeting:opened",
        "partners:copies:handed_out",
        "partners:copies:handed_out",
        "partners:copies:counted",
        "partners:copies:counted",
        "partners:meeting:closed",
    ]
    lost = Notification.objects.filter(message=holding.MISSING)
    assert {row.user for row in lost} >= {company.officer, company.second_officer}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, set()),
        ({"zone": None}, {"MTG-1"}),
        ({"zone": None, "place": "酒店"}, {"MTG-1"}),
        ({"zone": None, "place": "酒店", "place_reason": "独立楼层，专人值守"}, set()),
        ({"level": 3}, {"MTG-1", "MTG-2"}),
        ({"area": " "}, {"MTG-4"}),
        ({"devices": ()}, {"MTG-5"}),
        ({"devices": (), "device_rule": "仅可携带已登记的电脑"}, set()),
    ],
)
def test_each_measure_is_missing_until_it_is_recorded(company, changes, missing):
    meeting = ready(company, **changes)
    assert gaps(meeting) == missing
    if missing:
        with pytest.raises(errors.MeasuresMissingError) as refused:
            holding.meeting_open(actor=company.proposer, meeting=meeting, expected_version=meeting.version)
        assert list(refused.value.fields["list"]) == missing_before(meeting)
        meeting.refresh_from_db()
        assert meeting.state == State.PLANNED


@pytest.mark.requirement("MTG-1")
@pytest.mark.parametrize("where", ["desks", "lobby"])
def test_a_place_that_is_no_secret_zone_needs_its_reason(company, where):
    assert gaps(ready(company, zone=getattr(company, where))) == {"MTG-1"}
    assert not gaps(ready(company, zone=getattr(company, where), place_reason="清场后独占使用"))


@pytest.mark.requirement("MTG-3")
def test_an_outsider_who_hears_secrets_pledges_or_has_an_agreement_in_force(company):
    meeting = ready(company)
    party = third_party(company)
    guest = named(company, meeting, name="乔远山", organisation="示范检测有限公司", third_party=party)
    told(company, meeting)
    assert gaps(meeting) == {"MTG-3"}
    agreement(company, party, level=1)
    agreement(company, party, until=date(2026, 2, 1))
    assert gaps(meeting) == {"MTG-3"}, "one covers too little, one is over"
    agreement(company, party, level=2)
    assert not gaps(meeting)
    other = named(company, meeting, name="程见微", organisation="示范审计所")
    told(company, meeting)
    assert gaps(meeting) == {"MTG-3"}
    holding.pledge_keep(
        actor=company.proposer, participant=other, stored=stored(company.proposer, "承诺书.pdf")
    )
    assert not gaps(meeting)
    own = meeting.participants.get(person=company.colleague.person)
    with pytest.raises(errors.ParticipantError):
        holding.pledge_keep(actor=company.proposer, participant=own, stored=stored(company.proposer))
    listener = named(company, meeting, name="旁听", hears_secrets=False)
    told(company, meeting)
    assert not gaps(meeting), "who hears no secret needs no pledge"
    assert guest.ledger_subject.startswith("participant:")
    assert str(listener) not in str([row.body for row in entries_of(meeting.ledger_subject)])


def test_what_was_told_counts_only_as_long_as_it_holds(company):
    meeting = ready(company)
    meeting = planning.meeting_change(
        actor=company.proposer,
        meeting=meeting,
        expected_version=meeting.version,
        wish=wish(company, area="仅一号会议室"),
    )
    assert gaps(meeting) == {"MTG-3"}
    place = meeting.participants.get()
    with pytest.raises(errors.ParticipantError):
        holding.requirements_acknowledge(actor=company.colleague, participant=place, sha256="0" * 64)
    with pytest.raises(NotPermittedError):
        holding.requirements_acknowledge(
            actor=company.seller, participant=place, sha256=requirements_sha256(meeting)
        )
    holding.requirements_acknowledge(
        actor=company.colleague, participant=place, sha256=requirements_sha256(meeting)
    )
    place.refresh_from_db()
    assert place.informed_by is None
    assert not gaps(meeting)


def test_the_requirements_name_area_devices_and_pledge_in_the_language_of_the_country(company, english):
    text = requirements_of(planned(company))
    assert "一层材料实验室和会议室" in text
    assert "手机" in text
    assert "活动" in text
    assert "录音设备" not in text


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=-3), timedelta(hours=-1)),
        (timedelta(), timedelta(days=15)),
    ],
)
def test_times_that_do_not_fit_are_refused(company, fixed_clock, starts, ends):
    now = fixed_clock.now()
    with pytest.raises(errors.MeetingTimesError):
        planned(company, starts_at=now + starts, ends_at=now + ends)
    assert not Meeting.objects.exists()


def test_nobody_is_named_twice_and_who_holds_a_copy_stays(company):
    meeting = opened(company)
    person = company.colleague.person
    for given in ({"person": person}, {"name": ""}, {"person": person, "name": "乔远山"}):
        with pytest.raises(errors.ParticipantError):
            planning.participant_add(actor=company.proposer, meeting=meeting, **{"person": None, **given})
    place = meeting.participants.get()
    paper = holding.paper_add(actor=company.proposer, meeting=meeting, title="曲线")
    with pytest.raises(errors.PaperError):
        holding.paper_add(actor=company.proposer, meeting=meeting, title=" 曲线 ")
    holding.paper_hand_out(actor=company.proposer, paper=paper, participants=[place])
    with pytest.raises(errors.ParticipantHoldsError):
        planning.participant_remove(actor=company.proposer, participant=place)
    listener = named(company, meeting, name="旁听", hears_secrets=False)
    with pytest.raises(errors.ParticipantError):
        holding.paper_hand_out(actor=company.proposer, paper=paper, participants=[listener])
    planning.participant_remove(actor=company.proposer, participant=listener)
    assert meeting.participants.count() == 1


def test_a_copy_is_counted_once_and_in_its_own_meeting(company):
    meeting, other = opened(company), opened(company)
    place = meeting.participants.get()
    paper = holding.paper_add(actor=company.proposer, meeting=meeting, title="曲线")
    (copy,) = holding.paper_hand_out(actor=company.proposer, paper=paper, participants=[place])
    count = holding.copies_count
    with pytest.raises(errors.HandoutError):
        count(actor=company.proposer, meeting=other, returned=[copy])
    with pytest.raises(errors.HandoutError):
        count(actor=company.proposer, meeting=meeting, returned=[copy], missing={copy: "?"})
    with pytest.raises(FieldMissingError):
        count(actor=company.proposer, meeting=meeting, returned=[], missing={copy: " "})
    count(actor=company.proposer, meeting=meeting, returned=[copy])
    with pytest.raises(errors.HandoutError):
        count(actor=company.proposer, meeting=meeting, returned=[copy])
    with pytest.raises(IntegrityError), transaction.atomic():
        Handout.objects.filter(pk=copy.pk).update(missing="lost after all")


def test_a_meeting_that_is_called_off_or_over_takes_nothing_more(company):
    meeting = planned(company)
    with pytest.raises(FieldMissingError):
        planning.meeting_cancel(
            actor=company.proposer, meeting=meeting, expected_version=meeting.version, reason=" "
        )
    with pytest.raises(RecordChangedError):
        planning.meeting_cancel(actor=company.proposer, meeting=meeting, expected_version=7, reason="改期")
    planning.meeting_cancel(
        actor=company.proposer, meeting=meeting, expected_version=meeting.version, reason="改期"
    )
    for act in (
        lambda: named(company, meeting),
        lambda: holding.paper_add(actor=company.proposer, meeting=meeting, title="曲线"),
        lambda: holding.meeting_open(actor=company.proposer, meeting=meeting, expected_version=None),
        lambda: planning.meeting_change(
            actor=company.proposer, meeting=meeting, expected_version=None, wish=wish(company)
        ),
    ):
        with pytest.raises(errors.MeetingStateError):
            act()
