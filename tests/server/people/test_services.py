"""Writes of people: history is kept, versions are compared, the tree stays a tree, the ledger knows."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.server.people.company import user

from shoumi.engine.policy import Role
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people import services
from shoumi.server.people.models import Engagement, EngagementKind, Person
from shoumi.server.people.queries import department_subtree
from shoumi.server.people.services import Terms
from shoumi.server.people.services.editing import FieldMissingError, FieldTooLongError, RecordChangedError
from shoumi.server.people.services.engagements import (
    EndsBeforeStartError,
    EngagementEndedError,
    EngagementKindError,
    EngagementOverlapError,
    PostElsewhereError,
)
from shoumi.server.people.services.organisation import (
    CodeTakenError,
    DepartmentInUseError,
    TreeError,
    UnknownCountryError,
)
from shoumi.server.people.services.persons import NumberTakenError, UnknownFieldError, UserTakenError
from shoumi.server.people.services.posts import PostExistsError, PostInUseError, PostLevelError


def tags(subject: str) -> list[str]:
    return list(LedgerEntry.objects.filter(subject=subject).order_by("index").values_list("tag", flat=True))


def terms(post, starts_on=date(2024, 4, 1), kind=EngagementKind.EMPLOYEE, **more) -> Terms:
    return Terms(kind, post.department, starts_on, post=post, **more)


# --- the organisation


def test_a_department_knows_its_place(company):
    assert company.lab.path == f"{company.rd.pk.hex}/{company.lab.pk.hex}/"
    assert company.lab.path_ids == [company.rd.pk, company.lab.pk]
    assert list(department_subtree(company.rd)) == [company.rd, company.lab]


def test_moving_a_department_takes_everything_below_along(company):
    deep = company.department(company.cn, "RD-L-1", "一组", company.lab)
    services.department_move(
        actor=company.hr, department=company.lab, expected_version=1, parent=company.sales
    )
    deep.refresh_from_db()
    assert deep.path_ids == [company.sales.pk, company.lab.pk, deep.pk]
    assert list(department_subtree(company.rd)) == [company.rd]
    services.department_move(actor=company.hr, department=company.lab, expected_version=2, parent=None)
    deep.refresh_from_db()
    assert deep.path_ids == [company.lab.pk, deep.pk]
    assert tags(company.lab.ledger_subject) == [
        "people:department:created",
        "people:department:moved",
        "people:department:moved",
    ]


def test_the_tree_stays_a_tree(company):
    with pytest.raises(TreeError, match="below itself"):
        services.department_move(
            actor=company.hr, department=company.rd, expected_version=1, parent=company.lab
        )
    with pytest.raises(TreeError, match="another legal entity"):
        services.department_move(
            actor=company.hr, department=company.rd, expected_version=1, parent=company.tokyo
        )
    above = company.lab
    for number in range(10):
        above = company.department(company.cn, f"D{number}", "组", above)
    with pytest.raises(TreeError, match="too many"):
        company.department(company.cn, "D10", "组", above)
    with pytest.raises(TreeError, match="too many"):
        services.department_move(
            actor=company.hr, department=company.rd, expected_version=1, parent=company.sales
        )


def test_codes_are_taken_once_in_an_entity(company):
    with pytest.raises(CodeTakenError):
        company.department(company.cn, "RD", "另一个")
    company.department(company.jp, "RD", "研究部")
    with pytest.raises(CodeTakenError):
        services.entity_create(actor=company.hr, code="sm", country="CN", names={"zh": "甲"})


def test_an_entity_has_a_name_and_a_country_with_a_pack(company):
    with pytest.raises(UnknownCountryError):
        services.entity_create(actor=company.hr, code="XX", country="DE", names={"en": "x"})
    with pytest.raises(FieldMissingError):
        services.entity_create(actor=company.hr, code="XX", country="CN", names={})
    assert (company.jp.pack, company.jp.time_zone) == ("jp", "Asia/Tokyo")


def test_a_department_closes_when_nobody_is_left(company):
    person = company.person("D001", "顾清和", company.engineer)
    with pytest.raises(DepartmentInUseError):
        services.department_close(actor=company.hr, department=company.rd, expected_version=1)
    with pytest.raises(DepartmentInUseError):
        services.department_close(actor=company.hr, department=company.lab, expected_version=1)
    services.engagement_end(
        actor=company.hr, engagement=person.engagements.get(), expected_version=1, ends_on=date(2026, 3, 1)
    )
    closed = services.department_close(actor=company.hr, department=company.lab, expected_version=1)
    assert closed.closed_on == date(2026, 3, 1)
    company.engineer.refresh_from_db()
    assert not company.engineer.is_open


def test_a_version_that_is_not_on_the_screen_any_more_is_refused(company):
    change = {"actor": company.hr, "department": company.rd, "code": "RD", "owner": None}
    services.department_change(**change, expected_version=1, name="研究院")
    with pytest.raises(RecordChangedError):
        services.department_change(**change, expected_version=1, name="研发中心")
    company.rd.refresh_from_db()
    assert (company.rd.name, company.rd.version) == ("研究院", 2)


def test_a_change_of_nothing_writes_nothing(company):
    services.department_change(
        actor=company.hr, department=company.rd, code="RD", owner=None, expected_version=1, name="研发部"
    )
    assert tags(company.rd.ledger_subject) == ["people:department:created"]


# --- posts


@pytest.mark.requirement("IDN-08")
def test_posts_are_graded_by_the_office_with_a_reason(company):
    officer = user("officer", (Role.SECRECY_OFFICER, company.cn.scope))
    with pytest.raises(FieldMissingError):
        services.post_set_level(actor=officer, post=company.clerk, expected_version=1, level=1, reason=" ")
    with pytest.raises(PostLevelError):
        services.post_set_level(actor=officer, post=company.clerk, expected_version=1, level=4, reason="x")
    row = services.post_set_level(
        actor=officer, post=company.clerk, expected_version=1, level=1, reason="客户名单"
    )
    assert (row.level, row.level_id) == (1, "general")
    with pytest.raises(NotPermittedError):
        services.post_set_level(actor=officer, post=company.chief, expected_version=1, level=1, reason="x")


def test_human_resources_make_posts_without_level_only(company):
    hr = user("hr-only", (Role.HR, ""))
    services.post_create(actor=hr, department=company.sales, title="助理")
    with pytest.raises(NotPermittedError):
        services.post_create(actor=hr, department=company.sales, title="总监", level=2)
    with pytest.raises(PostExistsError):
        services.post_create(actor=hr, department=company.sales, title="助理")


def test_a_post_closes_when_nobody_holds_it(company):
    company.person("D001", "顾清和", company.engineer)
    with pytest.raises(PostInUseError):
        services.post_close(actor=company.hr, post=company.engineer, expected_version=1)


# --- persons


def test_a_person_gets_pinyin_and_is_found_by_it(company):
    person = company.person("D001", "单 清和", company.engineer)
    assert person.reading == "shan qinghe"
    assert "sqh" in person.search.split()
    services.person_change(actor=company.hr, person=person, expected_version=1, values={"name": "顾清和"})
    person.refresh_from_db()
    assert person.reading == "gu qinghe"


def test_kana_are_kept_as_hiragana(company):
    assert company.person("J001", "神崎 澪", company.chief, reading="ｶﾝｻﾞｷ　ミオ").reading == "かんざき みお"
    assert company.person("J002", "星野 律", company.chief).reading == ""


def test_numbers_and_sign_ins_belong_to_one_person(company):
    first = company.person("D001", "甲", company.engineer, sign_in="a")
    with pytest.raises(NumberTakenError):
        company.person("D001", "乙", company.engineer)
    second = company.person("D002", "乙", company.engineer)
    with pytest.raises(UserTakenError):
        services.person_link(actor=company.hr, person=second, expected_version=1, user=first.user)
    with pytest.raises(FieldTooLongError):
        services.person_change(
            actor=company.hr, person=second, expected_version=1, values={"phone": "1" * 41}
        )


def test_nobody_edits_their_own_record(company):
    person = company.person("D001", "甲", company.engineer, sign_in="a")
    services.person_link(actor=company.hr, person=person, expected_version=1, user=None)
    services.person_link(actor=company.hr, person=person, expected_version=2, user=company.hr)
    with pytest.raises(NotPermittedError):
        services.person_change(actor=company.hr, person=person, expected_version=3, values={"name": "乙"})


def test_a_reveal_is_recorded_with_its_purpose_and_not_with_its_value(company):
    person = company.person("D001", "甲", company.engineer)
    with pytest.raises(NotPermittedError):
        services.person_reveal(actor=company.hr, person=person, field="phone")
    shown = services.person_reveal(actor=company.hr, person=person, field="phone", purpose="紧急联系")
    assert shown == "100 0000 0001"
    entry = LedgerEntry.objects.order_by("-index").first()
    assert entry.tag == "people:person:revealed"
    assert entry.subject == person.ledger_subject
    assert b"100 0000" not in bytes(entry.body)
    with pytest.raises(UnknownFieldError):
        services.person_reveal(actor=company.hr, person=person, field="name", purpose="x")


def test_a_person_reveals_their_own_without_a_purpose(company):
    person = company.person("D001", "甲", company.engineer, sign_in="a")
    assert services.person_reveal(actor=person.user, person=person, field="email") == "d001@example.com"


# --- engagements


def test_moving_ends_one_engagement_and_begins_the_next(company):
    person = company.person("D001", "甲", company.engineer)
    first = person.engagements.get()
    second = services.engagement_move(
        actor=company.hr, engagement=first, expected_version=1, terms=terms(company.clerk, date(2026, 4, 1))
    )
    first.refresh_from_db()
    assert (first.ends_on, first.end_reason, second.starts_on) == (
        date(2026, 4, 1),
        "moved",
        date(2026, 4, 1),
    )
    assert tags(person.ledger_subject)[-1] == "people:engagement:moved"


def test_history_is_not_rewritten(company):
    person = company.person("D001", "甲", company.engineer)
    engagement = person.engagements.get()
    end = {"actor": company.hr, "engagement": engagement}
    services.engagement_end(**end, expected_version=1, ends_on=date(2026, 6, 1))
    services.engagement_end(**end, expected_version=2, ends_on=date(2026, 2, 1), reason="resigned")
    with pytest.raises(EngagementEndedError):
        services.engagement_end(**end, expected_version=3, ends_on=date(2026, 6, 1))


def test_the_same_post_is_not_held_twice_at_a_time(company):
    person = company.person("D001", "甲", company.engineer)
    start = {"actor": company.hr, "person": person}
    with pytest.raises(EngagementOverlapError):
        services.engagement_start(**start, terms=terms(company.engineer, date(2025, 1, 1)))
    services.engagement_start(**start, terms=terms(company.clerk, date(2025, 1, 1)))
    services.engagement_end(
        actor=company.hr, engagement=person.engagements.get(post=company.engineer), expected_version=1,
        ends_on=date(2026, 2, 1),
    )  # fmt: skip
    services.engagement_start(**start, terms=terms(company.engineer, date(2026, 2, 1)))
    with pytest.raises(EngagementOverlapError):
        services.engagement_start(
            **start, terms=terms(company.engineer, date(2020, 1, 1), ends_on=date(2024, 4, 2))
        )
    services.engagement_start(
        **start, terms=terms(company.engineer, date(2020, 1, 1), ends_on=date(2024, 4, 1))
    )


def test_terms_are_checked(company):
    person = company.person("D001", "甲", company.engineer)
    start = {"actor": company.hr, "person": person}
    with pytest.raises(EngagementKindError):
        services.engagement_start(**start, terms=terms(company.clerk, kind="boss"))
    with pytest.raises(PostElsewhereError):
        services.engagement_start(
            **start,
            terms=Terms(EngagementKind.EMPLOYEE, company.sales, date(2025, 1, 1), post=company.engineer),
        )
    with pytest.raises(EndsBeforeStartError):
        services.engagement_start(**start, terms=terms(company.clerk, ends_on=date(2020, 1, 1)))


@pytest.mark.requirement("JPN-06")
def test_workers_of_others_are_kept_apart_and_name_their_employer(company):
    person = company.person("D001", "甲", company.engineer)
    with pytest.raises(FieldMissingError):
        services.engagement_start(
            actor=company.hr,
            person=person,
            terms=terms(company.clerk, kind=EngagementKind.CONTRACTORS_WORKER),
        )
    made = services.engagement_start(
        actor=company.hr,
        person=person,
        terms=terms(
            company.clerk, kind=EngagementKind.CONTRACTORS_WORKER, contractor="云杉软件（示范）有限公司"
        ),
    )
    row = services.contractor_correct(
        actor=company.hr, engagement=made, expected_version=1, contractor="云杉软件（示范）股份有限公司"
    )
    assert row.contractor.endswith("股份有限公司")


def test_the_database_refuses_what_the_services_do(company):
    person = company.person("D001", "甲", company.engineer)
    same = {"person": person, "department": company.lab, "created_at": person.created_at, "kind": "employee"}
    for wrong in (
        {"post": company.engineer, "starts_on": date(2025, 1, 1)},
        {"starts_on": date(2025, 1, 1), "ends_on": date(2024, 1, 1)},
        {"starts_on": date(2025, 1, 1), "kind": "contractors_worker"},
        {"starts_on": date(2025, 1, 1), "kind": "boss"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Engagement.objects.create(**{**same, **wrong})


# --- who may


def test_each_write_asks_the_gate(company):
    nobody = user("nobody")
    auditor = user("auditor", (Role.AUDITOR, ""), (Role.SECRECY_OFFICER, ""))
    person = company.person("D001", "甲", company.engineer)
    engagement = person.engagements.get()
    before = LedgerEntry.objects.count()
    for actor in (nobody, auditor):
        attempts = [
            lambda a=actor: services.entity_create(actor=a, code="X", country="CN", names={"en": "x"}),
            lambda a=actor: services.entity_change(
                actor=a, entity=company.cn, expected_version=1, code="X", names={"en": "x"}
            ),
            lambda a=actor: services.department_create(actor=a, entity=company.cn, code="X", name="x"),
            lambda a=actor: services.department_change(
                actor=a, department=company.rd, expected_version=1, code="X", name="x", owner=None
            ),
            lambda a=actor: services.department_move(
                actor=a, department=company.lab, expected_version=1, parent=None
            ),
            lambda a=actor: services.department_close(actor=a, department=company.sales, expected_version=1),
            lambda a=actor: services.post_create(actor=a, department=company.rd, title="x"),
            lambda a=actor: services.post_rename(actor=a, post=company.clerk, expected_version=1, title="x"),
            lambda a=actor: services.post_close(actor=a, post=company.clerk, expected_version=1),
            lambda a=actor: services.person_create(actor=a, entity=company.cn, number="X", name="x"),
            lambda a=actor: services.person_change(
                actor=a, person=person, expected_version=1, values={"name": "x"}
            ),
            lambda a=actor: services.person_link(actor=a, person=person, expected_version=1, user=nobody),
            lambda a=actor: services.person_reveal(actor=a, person=person, field="phone", purpose="x"),
            lambda a=actor: services.engagement_start(actor=a, person=person, terms=terms(company.clerk)),
            lambda a=actor: services.engagement_end(
                actor=a, engagement=engagement, expected_version=1, ends_on=date(2026, 1, 1)
            ),
            lambda a=actor: services.engagement_move(
                actor=a, engagement=engagement, expected_version=1, terms=terms(company.clerk)
            ),
            lambda a=actor: services.contractor_correct(
                actor=a, engagement=engagement, expected_version=1, contractor="x"
            ),
        ]
        for attempt in attempts:
            with pytest.raises(NotPermittedError):
                attempt()
    assert LedgerEntry.objects.count() == before
    assert Person.objects.count() == 1


def test_a_remit_is_a_department_with_everything_below(company):
    hr = user("rd-hr", (Role.HR, company.rd.scope))
    services.person_create(actor=hr, entity=company.cn, number="D009", name="甲", department=company.lab)
    with pytest.raises(NotPermittedError):
        services.person_create(
            actor=hr, entity=company.cn, number="D010", name="甲", department=company.sales
        )
    with pytest.raises(NotPermittedError):
        services.person_create(actor=hr, entity=company.cn, number="D010", name="甲")
    person = company.person("D001", "乙", company.engineer)
    with pytest.raises(NotPermittedError):  # into a department outside the remit
        services.engagement_move(
            actor=hr, engagement=person.engagements.get(), expected_version=1, terms=terms(company.clerk)
        )
