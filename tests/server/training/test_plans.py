"""The plan of a year: what it misses, what took place, and the record of a training that is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.server.people.company import grant
from tests.server.training.school import certified, pdf, sent

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.notifications.models import Notification
from shoumi.server.training.queries.audiences import audience_persons
from shoumi.server.training.queries.plans import coverage_of_year, sessions_of, standing_of_courses
from shoumi.server.training.services import campaigns, plans
from shoumi.server.training.services.daily import training_run
from shoumi.server.training.services.plans import NotYetHeldError, NumberUnknownError, SessionPlan
from shoumi.server.training.services.writing import NothingChosenError, TrainingStateError, UnknownPartError

PARTS = ("SRV-T1", "SRV-T2", "SRV-T3", "SRV-T4")
AUDIENCES = ("new", "key-posts", "secret-persons", "all")


def planned(school, **changes):
    values = {"title": "年度培训", "day": date(2026, 3, 10), "audiences": AUDIENCES, "parts": PARTS}
    plan = SessionPlan(**(values | changes))
    return plans.session_plan(actor=school.officer, entity=school.cn, plan=plan)


def coverage(school, year=2026):
    return coverage_of_year(school.cn, year, sessions_of(school.cn, year))


@pytest.mark.requirement("SRV-01", "SRV-02")
def test_a_year_says_what_it_misses(school):
    assert coverage(school).missing == 23
    planned(school)
    found = coverage(school)
    assert found.missing == 7  # social platforms, for new staff and for everybody; and the administrators
    gaps = {(line.audience.id, cell.part.id) for line in found.lines for cell in line.cells
            if cell.asked and not cell.planned}  # fmt: skip
    special = {("administrators", part) for part in (*PARTS, "admin")}
    assert gaps == {("new", "social"), ("all", "social")} | special
    row = planned(school, audiences=("new", "all"), parts=("social",))
    assert coverage(school).missing == 5
    assert coverage(school, 2027).missing == 23
    plans.session_strike(actor=school.officer, session_id=row.pk, expected_version=row.version)
    assert coverage(school).missing == 7
    for changes, error in (
        ({"parts": ()}, NothingChosenError),
        ({"parts": ("dragons",)}, UnknownPartError),
        ({"audiences": ("dragons",)}, UnknownPartError),
    ):
        with pytest.raises(error):
            planned(school, **changes)


@pytest.mark.requirement("SRV-03")
def test_a_training_in_a_room_is_recorded_with_attendance_material_and_test(school, fixed_clock):
    row = planned(school)
    assert coverage(school).not_held == 16
    how = {"actor": school.officer, "session_id": row.pk, "expected_version": row.version,
           "material": pdf(school), "record": pdf(school)}  # fmt: skip
    with pytest.raises(NotYetHeldError):
        plans.session_hold(held_on=date(2026, 3, 10), numbers=["E001"], **how)
    fixed_clock.advance(timedelta(days=9))
    with pytest.raises(NothingChosenError):
        plans.session_hold(held_on=date(2026, 3, 10), numbers=[], **how)
    with pytest.raises(NumberUnknownError, match="E777"):
        plans.session_hold(held_on=date(2026, 3, 10), numbers=["E001", "E777"], **how)
    held = plans.session_hold(held_on=date(2026, 3, 10), numbers=["E001", "E002"], **how)
    assert {person.number for person in held.attended.all()} == {"E001", "E002"}
    assert coverage(school).not_held == 0
    with pytest.raises(TrainingStateError):
        plans.session_strike(actor=school.officer, session_id=row.pk, expected_version=held.version)


@pytest.mark.requirement("WEC-25", "WEC-26")
def test_each_year_asks_for_law_and_cases_for_everybody_and_more_for_administrators(school):
    grant(school.colleague, Role.IT_ADMINISTRATOR, entity_scope(school.cn.pk))
    assert set(audience_persons(school.cn, "administrators")) == {
        school.colleague.person,
        school.technician.person,
    }
    asked = {
        line.audience.id: {cell.part.id for cell in line.cells if cell.asked}
        for line in coverage(school).lines
    }
    assert all({"SRV-T1", "SRV-T4"} <= parts for parts in asked.values())  # law, and cases
    assert {name for name, parts in asked.items() if "admin" in parts} == {"administrators"}
    planned(school, audiences=("administrators",), parts=(*PARTS, "admin"))
    assert coverage(school).missing == 18


def test_a_training_by_course_took_place_when_its_campaign_is_over(school):
    planned(school, course=school.course)
    row = sent(school)
    assert coverage(school).not_held == 16
    campaigns.campaign_close(actor=school.officer, campaign_id=row.pk)
    assert coverage(school).not_held == 0


def test_how_many_hold_a_certificate_of_each_course(school):
    certified(school.colleague, school.first)
    found = standing_of_courses(school.cn)
    assert [(item.course.title, item.certified) for item in found] == [("保密常识", 1)]
    assert found[0].percent == 100 // found[0].persons


def test_a_missing_plan_is_asked_for_on_the_first_day_of_a_month(school, fixed_clock):
    def asked():
        rows = Notification.objects.filter(user=school.officer)
        return [row.message.split("%")[0] for row in rows if "training" in row.message]

    training_run()
    assert len(asked()) == 1
    fixed_clock.advance(timedelta(days=1))
    training_run()
    assert len(asked()) == 1
    planned(school)
    fixed_clock.advance(timedelta(days=30))
    training_run()
    messages = Notification.objects.filter(user=school.officer, message__contains="misses")
    assert messages.get().parameters["count"] == 7
