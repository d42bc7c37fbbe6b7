"""Secret departments, posts and persons are designated by risk, by two persons, for a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.server.register.company import registered, signed_in

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.queries import current_step, requests_of
from shoumi.server.approvals.services import TookPartError, request_decide
from shoumi.server.ledger.queries import entries_of
from shoumi.server.notifications.models import Notification
from shoumi.server.register.models import Duty
from shoumi.server.register.queries.duties import (
    duties_visible_to,
    duty_resource,
    highest_secret,
    undesignated,
)
from shoumi.server.register.services import duties
from shoumi.server.register.services.notices import MESSAGES
from shoumi.server.register.values import ScopeValue

FACTORS = ("DUTY-R1", "DUTY-R2", "DUTY-R3", "DUTY-R4")


def grades(grade=1):
    return {factor: {"grade": grade, "reason": f"because of {factor}"} for factor in FACTORS}


def proposed(company, target=None, *, actor=None, level=1):
    return duties.duty_propose(
        actor=actor or company.owner, target=target or company.clerk_of_lab, grades=grades(), level=level,
        reason="as its work is",
    )  # fmt: skip


def decide(duty, person, verdict="approve", reason=""):
    request = next(row for row in requests_of(duty.ledger_subject) if row.is_open)
    request_decide(
        request=request, actor=person, verdict=verdict, reason=reason, step_id=current_step(request).pk
    )
    duty.refresh_from_db()
    return duty


@pytest.fixture
def company(company):
    company.clerk_of_lab = company.post(company.lab, "实验员", 0)
    return company


@pytest.mark.requirement("IDN-08")
def test_a_post_is_proposed_from_the_secrets_it_may_know_and_gets_its_level_after_approval(company):
    scope = (ScopeValue("posts", str(company.clerk_of_lab.pk)),)
    registered(company, scope=scope)
    assert highest_secret(company.clerk_of_lab) == 2
    assert undesignated([company.cn]) == [(company.clerk_of_lab, 2)]
    duty = proposed(company, level=2)
    assert (duty.total, duty.highest_secret, duty.proposed_level, duty.state) == (
        25.0,
        2,
        2,
        Duty.State.WAITING,
    )
    company.clerk_of_lab.refresh_from_db()
    assert company.clerk_of_lab.level == 0
    decide(duty, company.officer)
    company.clerk_of_lab.refresh_from_db()
    assert (duty.state, company.clerk_of_lab.level) == (Duty.State.IN_FORCE, 2)
    assert company.clerk_of_lab.level_reason == "as its work is"
    assert duty.review_on == date(2027, 3, 1)
    assert entries_of(duty.ledger_subject).filter(tag="register:duty:designated").exists()
    assert undesignated([company.cn]) == []


@pytest.mark.requirement("IDN-08")
def test_a_core_designation_takes_a_leader_too_and_nobody_approves_their_own(company):
    duty = proposed(company, actor=company.officer, level=3)
    with pytest.raises(NotPermittedError):
        decide(duty, company.officer)
    decide(duty, company.second_officer)
    assert duty.state == Duty.State.WAITING
    decide(duty, company.leader)
    assert duty.state == Duty.State.IN_FORCE
    own = proposed(company, company.second_officer.person, actor=company.officer)
    with pytest.raises(TookPartError):
        decide(own, company.second_officer)  # it is about them


@pytest.mark.requirement("IDN-08")
def test_departments_and_persons_are_designated_refused_replaced_and_ended(company):
    department = decide(proposed(company, company.lab, level=2), company.officer)
    person = decide(proposed(company, company.proposer.person, level=1), company.officer)
    assert (department.kind, person.kind, person.department) == ("department", "person", company.lab)
    refused = decide(proposed(company, company.lab, level=1), company.officer, "reject", "too low")
    assert (refused.state, refused.outcome_reason) == (Duty.State.REFUSED, "too low")
    again = decide(proposed(company, company.lab, level=1), company.officer)
    department.refresh_from_db()
    assert (department.state, again.state) == (Duty.State.REPLACED, Duty.State.IN_FORCE)
    post = decide(proposed(company, level=1), company.officer)
    with pytest.raises(NotPermittedError):
        duties.duty_end(actor=company.owner, duty_id=post.pk, reason="x")
    with pytest.raises(duties.DutyError):
        duties.duty_end(actor=company.officer, duty_id=post.pk, reason=" ")
    duties.duty_end(actor=company.officer, duty_id=post.pk, reason="the line is closed")
    company.clerk_of_lab.refresh_from_db()
    assert company.clerk_of_lab.level == 0
    with pytest.raises(duties.DutyOpenError):
        duties.duty_end(actor=company.officer, duty_id=post.pk, reason="again")
    withdrawn = proposed(company)
    with pytest.raises(duties.DutyOpenError):
        proposed(company)
    assert duties.duty_withdraw(actor=company.owner, duty_id=withdrawn.pk).state == Duty.State.WITHDRAWN


@pytest.mark.requirement("IDN-08")
def test_a_designation_needs_every_grade_with_its_reason_a_level_and_a_reason(company):
    good = {
        "actor": company.owner,
        "target": company.clerk_of_lab,
        "grades": grades(),
        "level": 1,
        "reason": "x",
    }
    for wrong in (
        {"grades": {}},
        {"grades": {**grades(), "DUTY-R1": {"grade": 1, "reason": " "}}},
        {"level": 7},
        {"reason": ""},
    ):
        with pytest.raises(duties.DutyError):
            duties.duty_propose(**{**good, **wrong})
    for actor in (company.proposer, company.auditor, company.leader, company.sales_owner, company.technician):
        with pytest.raises(NotPermittedError):
            duties.duty_propose(**{**good, "actor": actor})
    assert not Duty.objects.exists()


@pytest.mark.requirement("IDN-08")
def test_the_review_is_reminded_of_on_its_day(company, fixed_clock):
    decide(proposed(company), company.officer)
    assert duties.duties_review() == 0
    fixed_clock.advance(timedelta(days=365))
    assert duties.duties_review() == 1
    told = Notification.objects.filter(message=MESSAGES["duty_review"])
    assert {company.owner.pk, company.officer.pk} <= {row.user_id for row in told}


def test_the_list_agrees_with_the_gate(company):
    decide(proposed(company, company.proposer.person), company.officer)
    rows = [
        proposed(company),
        proposed(company, company.sales, actor=company.sales_owner),
        Duty.objects.first(),
    ]
    for user in company.everybody.values():
        listed = set(duties_visible_to(user).values_list("pk", flat=True))
        for row in Duty.objects.select_related("department"):
            assert gate.permits(user, Action.DUTY_VIEW, duty_resource(row)) == (row.pk in listed), (user, row)
    assert rows


@pytest.mark.requirement("IDN-08")
def test_the_pages(company, client):
    signed_in(client, company.owner)
    assert client.get(reverse("register:duty_list")).status_code == 200
    choose = reverse("register:duty_choose")
    assert client.post(choose, {"kind": "post"}).status_code == 422
    answer = client.post(choose, {"kind": "post", "post": str(company.clerk_of_lab.pk)})
    address = answer.headers["Location"]
    assert client.get(address).status_code == 200
    data = {f"{factor}-grade": "2" for factor in FACTORS} | {f"{factor}-reason": "理由" for factor in FACTORS}
    level = client.post(address, data).url
    assert "50 %" in client.get(level).content.decode()
    assert client.post(level, {"level": "2"}).status_code == 422
    assert client.post(address, {**data, f"{FACTORS[0]}-reason": ""}).status_code == 422
    answer = client.post(level, {"level": "2", "reason": "每日接触"})
    duty = Duty.objects.get()
    assert answer.headers["Location"] == reverse("register:duty_detail", args=[duty.pk])
    assert "每日接触" in client.get(answer.headers["Location"]).content.decode()
    assert client.post(reverse("register:duty_withdraw", args=[duty.pk])).status_code == 302
    signed_in(client, company.seller)
    assert client.get(reverse("register:duty_detail", args=[duty.pk])).status_code == 403
    assert client.get(address).status_code == 403
    assert client.get(reverse("register:duty_propose", args=["friend", company.lab.pk])).status_code == 404
