"""Leading body, letters, office, departments: recorded, chained, ended, and the gaps that follow."""

from __future__ import annotations

from datetime import date

import pytest
from tests.server.people.company import grant
from tests.server.register.company import proposed, registered

from shoumi.engine.policy import Action, Role
from shoumi.engine.policy.values import department_scope
from shoumi.server.accounts import gate
from shoumi.server.assurance.models import LeadingBody
from shoumi.server.assurance.queries import bodies as read
from shoumi.server.assurance.services import bodies, letters, office
from shoumi.server.assurance.services.letters import LetterGiverError, LetterTooLongError
from shoumi.server.assurance.services.writing import AlreadyEndedError, FutureDayError, StandsTwiceError
from shoumi.server.ledger.queries import entry_details, first_entries
from shoumi.server.notifications.models import Notification
from shoumi.server.people.services.editing import RecordChangedError
from shoumi.server.register.queries.resources import secret_resource

TODAY, LONG_AGO = date(2026, 3, 1), date(2025, 1, 1)


def representative(company, paper, **more):
    values = {
        "capacity": "representative", "holder": company.head.person, "scope": "全部", "since": LONG_AGO,
        "letter": paper("营业执照.pdf"),
    }  # fmt: skip
    return letters.letter_record(actor=company.officer, entity=company.cn, **(values | more))


def responsible(company, paper, parent, **more):
    values = {
        "capacity": "responsible", "holder": company.colleague.person, "scope": "商业秘密管理",
        "since": LONG_AGO, "until": date(2026, 6, 30), "letter": paper("授权书.pdf"), "parent": parent,
    }  # fmt: skip
    return letters.letter_record(actor=company.officer, entity=company.cn, **(values | more))


@pytest.mark.requirement("ORG-02")
def test_the_responsible_person_is_named_by_a_signed_letter_while_it_holds(company, paper):
    assert read.responsible_person(company.cn, TODAY) is None
    first = representative(company, paper)
    assert read.responsible_person(company.cn, TODAY) == company.head.person
    second = responsible(company, paper, first)
    assert read.responsible_person(company.cn, TODAY) == company.colleague.person
    assert read.responsible_person(company.cn, date(2026, 7, 1)) == company.head.person
    letters.letter_revoke(actor=company.officer, letter=first, expected_version=first.version, reason="换任")
    assert not read.letter_holds(type(second).objects.get(pk=second.pk), date(2026, 3, 2))


@pytest.mark.requirement("ORG-03")
def test_the_chain_leads_to_the_representative_and_each_hash_stands_in_the_ledger(company, paper):
    first = representative(company, paper)
    second = responsible(company, paper, first)
    assert [letter.holder for letter in read.chain_of(second)] == [
        company.colleague.person,
        company.head.person,
    ]
    entry = first_entries([second.ledger_subject])[second.ledger_subject]
    values = {item.name: item.value for item in entry_details(entry)}
    assert values["letter_sha256"] == second.letter.sha256
    assert values["parent"] == str(first.pk)


def test_a_letter_rests_on_one_that_can_carry_it(company, paper):
    first = representative(company, paper, until=date(2026, 12, 31))
    with pytest.raises(StandsTwiceError):
        representative(company, paper)
    with pytest.raises(LetterGiverError):
        responsible(company, paper, None)
    with pytest.raises(LetterGiverError):
        responsible(company, paper, first, holder=company.head.person)
    with pytest.raises(LetterTooLongError):
        responsible(company, paper, first, until=date(2027, 1, 1))


@pytest.mark.requirement("ORG-06")
def test_the_leading_group_has_members_and_minutes(company, paper):
    body = bodies.body_establish(
        actor=company.officer, entity=company.cn, form="group", name="领导小组", since=LONG_AGO
    )
    chair = bodies.member_seat(
        actor=company.officer, body=body, person=company.head.person, seat="chair", since=LONG_AGO
    )
    with pytest.raises(StandsTwiceError):
        bodies.member_seat(
            actor=company.officer, body=body, person=company.colleague.person, seat="chair", since=LONG_AGO
        )
    meeting = bodies.meeting_record(
        actor=company.officer, body=body, held_on=date(2026, 2, 1), subject="年度部署",
        attendees=[company.head.person, company.colleague.person], minutes=paper("纪要.docx"),
    )  # fmt: skip
    assert meeting.attendees.count() == 2
    assert read.leading_body(company.cn, TODAY) == body
    with pytest.raises(FutureDayError):
        bodies.meeting_record(
            actor=company.officer, body=body, held_on=date(2026, 3, 5), subject="x", attendees=[],
            minutes=paper(),
        )  # fmt: skip
    bodies.body_end(actor=company.officer, body=body, expected_version=1, until=TODAY)
    chair.refresh_from_db()
    assert chair.until == TODAY
    with pytest.raises(RecordChangedError):
        bodies.body_end(actor=company.officer, body=body, expected_version=1, until=TODAY)


@pytest.mark.requirement("ORG-D2")
def test_a_resolution_is_followed_up_by_whoever_carries_it_out(company, paper):
    body = bodies.body_establish(
        actor=company.officer, entity=company.cn, form="group", name="领导小组", since=LONG_AGO
    )
    meeting = bodies.meeting_record(
        actor=company.officer, body=body, held_on=TODAY, subject="x", attendees=[], minutes=paper()
    )
    row = bodies.resolution_add(
        actor=company.officer, meeting=meeting, text="完成定密清查", owner=company.colleague.person,
        due_on=date(2026, 4, 1),
    )  # fmt: skip
    assert Notification.objects.filter(user=company.colleague, message__contains="resolution").exists()
    done = {
        "resolution_id": row.pk, "expected_version": row.version, "done": True, "outcome": "已清查 40 项",
    }  # fmt: skip
    with pytest.raises(gate.NotPermittedError):
        bodies.resolution_close(actor=company.seller, **done)
    closed = bodies.resolution_close(actor=company.colleague, proof=paper(), **done)
    assert (closed.state, closed.closed_on) == ("done", TODAY)
    with pytest.raises(AlreadyEndedError):
        bodies.resolution_close(actor=company.officer, **(done | {"expected_version": closed.version}))


@pytest.mark.requirement("ORG-07", "ORG-08")
def test_the_office_has_full_and_part_time_staff_and_its_role_opens_the_access_model(company):
    made = office.office_set(
        actor=company.officer, entity=company.cn, department=company.office, form="own", since=LONG_AGO
    )
    for person, full in ((company.officer.person, True), (company.second_officer.person, False)):
        office.staff_add(
            actor=company.officer, office=made, person=person, full_time=full, duties="登记", since=LONG_AGO
        )
    staff = list(made.staff.all())
    assert sorted(row.full_time for row in staff) == [False, True]
    office.appointment_end(
        actor=company.officer, row=staff[0], expected_version=staff[0].version, until=TODAY
    )
    with pytest.raises(gate.NotPermittedError):
        office.office_set(
            actor=company.leader, entity=company.cn, department=company.rd, form="own", since=TODAY
        )
    from shoumi.server.people.queries import entity_resource

    assert gate.permits(company.officer, Action.GOVERNANCE_EDIT, entity_resource(company.cn))


@pytest.mark.requirement("ORG-09", "ORG-10", "ORG-D4c")
def test_departments_with_secrets_are_shown_and_the_gap_closes_with_an_officer(company, paper):
    registered(company)
    gaps = read.officer_gaps(company.cn, TODAY)
    assert company.lab in gaps
    assert company.sales not in gaps  # neither secrets nor secret posts nor secret zones
    office.department_cooperate(
        actor=company.officer, department=company.lab, reason="烧结工艺", since=LONG_AGO
    )
    office.officer_appoint(
        actor=company.officer, department=company.lab, person=company.colleague.person, full_time=False,
        since=LONG_AGO,
    )  # fmt: skip
    assert company.lab not in read.officer_gaps(company.cn, TODAY)
    found = next(item for item in read.cooperations(company.cn, TODAY) if item.department == company.lab)
    assert found.flagged
    assert "secrets" in found.reasons
    assert [row.person for row in found.without_role] == [company.colleague.person]
    grant(company.colleague, Role.DEPARTMENT_SECRECY_OFFICER, department_scope(company.lab.pk))
    found = next(item for item in read.cooperations(company.cn, TODAY) if item.department == company.lab)
    assert found.without_role == []


@pytest.mark.requirement("ORG-11")
def test_a_departments_officer_reaches_the_department_and_nothing_beside_it(company):
    secret = proposed(company)
    limits = {(str(department), role): users for department, role, users in read.scope_limits(company.cn)}
    assert limits["研发部", "department_secrecy_officer"] == [company.department_officer]
    resource = secret_resource(secret)
    assert gate.permits(company.department_officer, Action.SECRET_VIEW_METADATA, resource)
    assert not gate.permits(company.sales_owner, Action.SECRET_VIEW_METADATA, resource)


def test_who_may_not_keep_the_records_gets_in_nowhere(company, paper):
    for user in (company.leader, company.auditor, company.technician, company.owner, company.proposer):
        with pytest.raises(gate.NotPermittedError):
            bodies.body_establish(actor=user, entity=company.cn, form="group", name="x", since=TODAY)
    with pytest.raises(gate.NotPermittedError):
        bodies.body_establish(
            actor=company.foreign_officer, entity=company.cn, form="group", name="x", since=TODAY
        )
    assert not LeadingBody.objects.exists()
