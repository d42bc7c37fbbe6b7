"""Campaigns: told in batches, stopped and resumed with nobody told twice, reminded, passed on, done."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from tests.server.training.school import DUE, TODAY, campaign, certified, next_version, sent

from shoumi.server.accounts.models import User
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.people.models import Engagement
from shoumi.server.training.models import Assignment, Campaign
from shoumi.server.training.queries.audiences import audience_persons, contractors_workers
from shoumi.server.training.queries.campaigns import figures_of
from shoumi.server.training.services import campaigns, courses, reminding, sending
from shoumi.server.training.services.campaigns import (
    DepartmentsNeededError,
    DueDayError,
    NothingPublishedError,
)
from shoumi.server.training.services.daily import training_run
from shoumi.server.training.services.reminding import RemindedTodayError, is_reminder_day
from shoumi.server.training.services.writing import TrainingStateError, UnknownPartError


def told(text="is yours to learn"):
    """Return how often each person was told something."""
    rows = Notification.objects.filter(message__contains=text)
    return Counter(rows.values_list("user__username", flat=True))


def test_an_audience_is_told_once_and_whoever_is_certified_is_left_out(school):
    certified(school.colleague, school.first)
    row = sent(school)
    everybody = audience_persons(school.cn, "all")
    assert row.state == Campaign.State.OPEN
    assert set(told().values()) == {1}
    assert sum(told().values()) == everybody.count() - 1
    assert "colleague" not in told()
    assert figures_of(row).assigned == figures_of(row).expected == everybody.count() - 1
    assert LedgerEntry.objects.filter(tag="training:campaign:sent").count() == 1


def test_a_campaign_is_stopped_and_resumed_and_nobody_is_told_twice(school, monkeypatch):
    row = campaign(school)
    seen = []

    def stop_after_the_second(users, event, parameters):
        seen.append(len(list(users)))
        if len(seen) == 2:
            campaigns.campaign_stop(actor=school.officer, campaign_id=row.pk)
        return real(users, event, parameters)

    real = sending.tell
    monkeypatch.setattr(sending, "tell", stop_after_the_second)
    assert sending.campaign_send_next(batch=3)
    row.refresh_from_db()
    assert (row.state, row.stop_asked, seen) == (Campaign.State.STOPPED, False, [3, 3])
    assert row.assignments.count() == 6
    assert row.expected > 6
    assert not sending.campaign_send_next(batch=3)
    with pytest.raises(TrainingStateError):
        campaigns.campaign_stop(actor=school.officer, campaign_id=row.pk)
    campaigns.campaign_resume(actor=school.officer, campaign_id=row.pk)
    assert sending.campaign_send_next(batch=3)
    row.refresh_from_db()
    assert row.state == Campaign.State.OPEN
    assert set(told().values()) == {1}
    assert len(told()) == audience_persons(school.cn, "all").count()


def test_a_worker_that_dies_leaves_whole_batches_and_another_goes_on(school, monkeypatch, fixed_clock):
    row = campaign(school)

    def die(users, event, parameters):
        if Assignment.objects.count() > 3:
            raise RuntimeError("the worker dies")
        return real(users, event, parameters)

    real = sending.tell
    monkeypatch.setattr(sending, "tell", die)
    with pytest.raises(RuntimeError):
        sending.campaign_send_next(batch=3)
    assert row.assignments.count() == sum(told().values()) == 3
    monkeypatch.setattr(sending, "tell", real)
    assert not sending.campaign_send_next()
    fixed_clock.advance(sending.LEASE + timedelta(seconds=1))
    assert sending.campaign_send_next(batch=3)
    assert set(told().values()) == {1}
    assert len(told()) == audience_persons(school.cn, "all").count()


def test_whoever_joins_is_told_by_the_next_day_and_the_others_not_again(school):
    row = sent(school)
    before = told()
    school.settled("E900", "新人", school.engineer, sign_in="newcomer")
    training_run()
    row.refresh_from_db()
    assert row.state == Campaign.State.WAITING
    assert sending.campaign_send_next()
    assert told() - before == Counter({"newcomer": 1})


@pytest.mark.requirement("SRV-02")
def test_the_four_audiences_are_found_by_facts_and_others_by_departments(school):
    found = {
        name: set(audience_persons(school.cn, name).values_list("number", flat=True))
        for name in ("all", "key-posts", "secret-persons", "new")
    }
    assert found["key-posts"] == found["all"] - {"E004"}
    assert found["secret-persons"] == found["key-posts"]
    assert found["new"] == set()
    Engagement.objects.filter(person__number="E001").update(starts_on=TODAY - timedelta(days=10))
    assert set(audience_persons(school.cn, "new").values_list("number", flat=True)) == {"E001"}
    assert not audience_persons(school.cn, "sales-staff").exists()
    sales = audience_persons(school.cn, "sales-staff", [school.sales])
    assert [person.number for person in sales] == ["E004"]
    below = audience_persons(school.cn, "all", [school.rd])
    assert set(below.values_list("number", flat=True)) == {"E001", "E002", "E003"}


def test_contractors_workers_are_counted_for_their_contractor_and_not_tasked_by_name(school):
    person = school.settled("X100", "方知许", school.engineer, sign_in="outsider")
    person.engagements.update(kind="contractors_worker", contractor="云杉软件")
    row = sent(school)
    assert not row.assignments.filter(person=person).exists()
    assert [each.contractor for each in contractors_workers(school.cn, [school.rd])] == ["云杉软件"]
    assert not contractors_workers(school.cn, [school.sales]).exists()


def test_what_no_campaign_can_ask_is_refused(school):
    with pytest.raises(DueDayError):
        campaign(school, due_on=TODAY - timedelta(days=1))
    with pytest.raises(UnknownPartError):
        campaign(school, audience="dragons")
    draft = courses.course_begin(actor=school.officer, entity=school.cn, title="草稿")
    with pytest.raises(NothingPublishedError):
        campaigns.campaign_start(
            actor=school.officer, course=draft.course, wish=campaigns.Wish("x", "all", DUE)
        )
    tokyo = courses.course_begin(actor=school.foreign_officer, entity=school.jp, title="営業研修")
    assert tokyo.course.language == "ja"
    school.course.entity = school.jp  # the same course as if it were Japan's
    with pytest.raises(DepartmentsNeededError):
        campaigns.campaign_start(
            actor=school.foreign_officer, course=school.course, wish=campaigns.Wish("x", "sales-staff", DUE)
        )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 23), False),
        (date(2026, 3, 24), True),  # 7 days before
        (date(2026, 3, 25), False),
        (date(2026, 3, 30), True),  # the day before
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), False),
        (date(2026, 4, 7), True),  # a week after
        (date(2026, 4, 14), True),
    ],
)
def test_the_days_of_reminders(day, expected):
    assert is_reminder_day(DUE, day) is expected


def test_reminders_go_to_those_who_have_not_learned_once_a_day(school, fixed_clock):
    sent(school)
    certified(school.colleague, school.first)
    fixed_clock.advance(timedelta(days=23))
    training_run()
    training_run()
    reminded = told("still yours")
    assert set(reminded.values()) == {1}
    assert "colleague" not in reminded
    assert len(reminded) == audience_persons(school.cn, "all").count() - 1
    row = Campaign.objects.get()
    with pytest.raises(RemindedTodayError):
        reminding.campaign_remind(actor=school.officer, campaign_id=row.pk)
    fixed_clock.advance(timedelta(days=1))
    assert reminding.campaign_remind(actor=school.officer, campaign_id=row.pk) == len(reminded)


def test_superiors_are_told_once_how_many_and_no_names(school, fixed_clock):
    sent(school)
    fixed_clock.advance(timedelta(days=31))
    training_run()
    training_run()
    rows = Notification.objects.filter(message__contains="have not learned")
    assert {(row.user.username, row.parameters["department"]) for row in rows} >= {
        ("sales-owner", "销售部"),
        ("owner", "材料实验室"),
    }
    seller = rows.get(user=school.sales_owner)
    assert seller.parameters["count"] == 1
    assert not any("安然" in str(row.parameters) for row in rows)
    assert figures_of(Campaign.objects.get()).escalated == audience_persons(school.cn, "all").count()


def test_a_stopped_or_closed_campaign_reminds_nobody(school, fixed_clock):
    row = sent(school)
    campaigns.campaign_stop(actor=school.officer, campaign_id=row.pk)
    fixed_clock.advance(timedelta(days=23))
    training_run()
    assert not told("still yours")
    campaigns.campaign_close(actor=school.officer, campaign_id=row.pk)
    with pytest.raises(TrainingStateError):
        campaigns.campaign_resume(actor=school.officer, campaign_id=row.pk)


def test_a_campaign_after_a_new_version_asks_those_whose_certificate_ended(school):
    first = sent(school)
    certified(school.colleague, school.first)
    assert first.assignments.get(person=school.colleague.person).done_at is not None
    newer = next_version(school)
    row = sent(school)
    assert row.assignments.filter(person=school.colleague.person, done_at=None).exists()
    certificate = certified(school.colleague, newer)
    assert row.assignments.get(person=school.colleague.person).certificate == certificate


def test_whoever_has_no_sign_in_stands_on_the_list_for_paper(school):
    User.objects.filter(username="seller").update(is_active=False)
    figures = figures_of(sent(school))
    assert figures.on_paper == 1
    assert "seller" not in told()
