"""Who a user is for the rules: today's engagements count, and nothing outlives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.server.people.company import grant, user

from shoumi.engine.policy import Action, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.queries import places_of
from shoumi.server.people import services
from shoumi.server.people.models import EngagementKind, Person
from shoumi.server.people.queries import (
    departments_visible,
    entities_visible,
    pack_of_user,
    person_resource,
    persons_found,
    persons_of,
    persons_visible,
    posts_visible,
    subject_of,
)
from shoumi.server.people.queries.listing import READERS
from shoumi.server.people.services import Terms

OUTSIDER = EngagementKind.CONTRACTORS_WORKER


def end(company, person, day, version=1):
    services.engagement_end(
        actor=company.hr, engagement=person.engagements.get(), expected_version=version, ends_on=day
    )


def test_departments_posts_and_clearance_come_from_todays_engagements(company):
    person = company.person("D001", "甲", company.engineer, sign_in="a")
    subject = subject_of(person.user)
    assert subject.person == str(person.pk)
    assert subject.department == str(company.lab.pk)
    assert set(subject.departments) == {str(company.rd.pk)}
    assert subject.posts == {str(company.engineer.pk)}
    assert subject.clearance == 2
    assert subject.places >= {company.lab.scope, company.rd.scope, company.cn.scope, "company"}
    services.engagement_start(
        actor=company.hr,
        person=person,
        terms=Terms(EngagementKind.EMPLOYEE, company.rd, date(2026, 3, 1), post=company.director),
    )
    assert subject_of(person.user).clearance == 3


def test_a_raised_post_raises_its_holders_at_once(company):
    person = company.person("D001", "甲", company.clerk, sign_in="a")
    with gate.remembered_subjects():
        assert gate.subject_of(person.user).clearance == 0
        services.post_set_level(actor=company.hr, post=company.clerk, expected_version=1, level=1, reason="x")
        assert gate.subject_of(person.user).clearance == 1


def test_rights_end_with_the_first_moment_of_the_last_day(company, fixed_clock):
    person = company.person("D001", "甲", company.engineer, sign_in="a")
    grant(person.user, Role.SECRECY_OFFICER)
    end(company, person, date(2026, 3, 2))
    assert subject_of(person.user).clearance == 2
    fixed_clock.moment = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    assert gate.permits(person.user, Action.PERSON_VIEW, person_resource(person))
    fixed_clock.advance(timedelta(seconds=1))
    subject = subject_of(person.user)
    assert (subject.roles, subject.places, subject.clearance) == (frozenset(), {"company"}, 0)
    for action in (Action.PERSON_VIEW, Action.PERSON_REVEAL):
        decision = gate.decide(person.user, action, person_resource(person))
        assert not decision.permitted
        assert decision.reasons == ("engagement-ended",)


def test_an_end_entered_today_works_today(company):
    person = company.person("D001", "甲", company.engineer, sign_in="a")
    end(company, person, date(2026, 3, 1))
    assert not gate.permits(person.user, Action.PERSON_VIEW, person_resource(person))


def test_days_begin_where_the_entity_sits(company, fixed_clock):
    """At 15:30 UTC it is the next day in Tokyo and still the old one in Shanghai."""
    here = company.person("D001", "甲", company.engineer, sign_in="a")
    there = company.person("J001", "神崎 澪", company.chief, sign_in="b", reading="かんざき みお")
    for person in (here, there):
        end(company, person, date(2026, 3, 2))
    fixed_clock.moment = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
    assert subject_of(here.user).clearance == 2
    assert subject_of(there.user).clearance == 0
    assert [person.number for person in persons_of(company.lab)] == ["D001"]
    assert not persons_of(company.tokyo)


def test_who_has_not_begun_has_no_rights_yet(company, fixed_clock):
    person = company.person("D001", "甲", company.engineer, sign_in="a", starts_on=date(2026, 3, 3))
    subject = subject_of(person.user)
    assert (subject.roles, subject.clearance, subject.ends_at) == (frozenset(), 0, None)
    fixed_clock.advance(timedelta(days=2))
    assert subject_of(person.user).clearance == 2


@pytest.mark.requirement("JPN-06")
def test_workers_of_others_look_up_their_own_department_only(company):
    person = company.person(
        "D001",
        "甲",
        company.engineer,
        sign_in="a",
        kind=EngagementKind.CONTRACTORS_WORKER,
        contractor="乙公司",
    )
    colleague = company.person("D002", "乙", company.engineer)
    other = company.person("D003", "丙", company.clerk)
    assert gate.permits(person.user, Action.PERSON_LOOKUP, person_resource(colleague))
    assert not gate.permits(person.user, Action.PERSON_LOOKUP, person_resource(other))


def test_an_account_without_a_person_has_its_grants_only(company):
    subject = subject_of(user("it", (Role.IT_ADMINISTRATOR, "")))
    assert {held.role for held in subject.roles} == {Role.IT_ADMINISTRATOR}
    assert subject.person is None


def test_places_and_packs_for_accounts(company):
    person = company.person("J001", "星野", company.chief, sign_in="b")
    assert pack_of_user(person.user) == "jp"
    assert pack_of_user(company.hr) == ""
    assert places_of(company.lab.scope) == {company.lab.scope, company.rd.scope, company.cn.scope, "company"}
    assert places_of("department:nonsense") == {"department:nonsense", "company"}
    assert places_of(company.cn.scope) == {company.cn.scope, "company"}


def crowd(company):
    """Return persons of every sort: here, there, moved, left, not begun, never engaged, of a contractor."""
    found = [
        company.person("D001", "顾清和", company.engineer, sign_in="p1"),
        company.person("D002", "沈若溪", company.director, sign_in="p2"),
        company.person("D003", "苏念安", company.clerk, sign_in="p3"),
        company.person("J001", "神崎 澪", company.chief, reading="かんざき みお", sign_in="p4"),
        company.person("D004", "东方既白", company.engineer, sign_in="p5"),
        company.person("D005", "祁远山", company.clerk, starts_on=date(2026, 5, 1), sign_in="p6"),
        services.person_create(actor=company.hr, entity=company.cn, number="D006", name="未到岗"),
        company.person("D007", "方知许", company.engineer, sign_in="p7", kind=OUTSIDER, contractor="x"),
    ]  # fmt: skip
    end(company, found[4], date(2026, 2, 1))
    services.engagement_move(
        actor=company.hr, engagement=found[2].engagements.get(), expected_version=1,
        terms=Terms(EngagementKind.EMPLOYEE, company.tokyo, date(2026, 3, 1), post=company.chief),
    )  # fmt: skip
    return found


def observers(company, persons):
    """Return users with each role for each kind of place, and the persons' own sign-ins."""
    places = (
        "",
        company.cn.scope,
        company.jp.scope,
        company.rd.scope,
        company.lab.scope,
        company.tokyo.scope,
    )
    for role in Role:
        for number, place in enumerate(("case:1",) if role is Role.OUTSIDE_COUNSEL else places):
            yield user(f"{role}-{number}", (role, place))
    yield from (person.user for person in persons if person.user)
    yield user("none")


@pytest.mark.parametrize(("action", "roles"), [(Action.PERSON_LOOKUP, None), (Action.PERSON_VIEW, READERS)])
def test_lists_show_exactly_whom_the_rules_permit(company, action, roles):
    persons = crowd(company)
    everybody = list(Person.objects.all())
    assert len(everybody) == len(persons)
    wishes = [(action, person_resource(person)) for person in everybody]
    for observer in observers(company, persons):
        rows = persons_visible(observer, roles) if roles else persons_visible(observer)
        decisions = gate.decide_each(observer, wishes)
        permitted = {person.pk for person, found in zip(everybody, decisions, strict=True) if found.permitted}
        assert {person.pk for person in rows} == permitted, (observer.username, action)


def test_the_organisation_is_listed_as_the_rules_permit(company):
    persons = crowd(company)
    units = {
        department.pk: resources.unit(department.scope, places_of(department.scope))
        for department in (company.rd, company.lab, company.sales, company.tokyo)
    }
    for observer in observers(company, persons):
        permitted = {
            key for key, unit in units.items() if gate.permits(observer, Action.ORGANISATION_VIEW, unit)
        }
        assert {row.pk for row in departments_visible(observer)} == permitted, observer.username
        assert {post.department_id for post in posts_visible(observer)} == permitted
        assert {row.pk for row in entities_visible(observer)} >= {
            row.entity_id for row in departments_visible(observer)
        }


@pytest.mark.parametrize(
    ("query", "number"),
    [
        *((query, "D001") for query in ("顾", "清和", "gu qing", "guqinghe", "gqh", "GQH")),
        *((query, "J001") for query in ("かんざき", "カンザキ", "ｶﾝｻﾞｷ", "神崎澪")),
        *((query, "D004") for query in ("dongfang", "dfjb")),
        ("d003", "D003"),
        ("kanzaki", None),
    ],
)
def test_search_by_name_number_and_reading(company, query, number):
    crowd(company)
    found = [person.number for person in persons_found(persons_visible(company.hr), query)]
    assert found == ([number] if number else [])


def test_lists_are_sorted_by_reading(company):
    crowd(company)
    names = [
        person.name for person in persons_visible(company.hr).filter(entity=company.cn).order_by("reading")
    ]
    assert names == ["东方既白", "方知许", "顾清和", "祁远山", "沈若溪", "苏念安", "未到岗"]
