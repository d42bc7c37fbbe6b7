"""Who may enter: standing permissions given by a second person, for persons, posts and departments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.places.company import decide

from shoumi.engine.workflow import TransitionRefusedError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.queries import requests_of
from shoumi.server.ledger.services import clock
from shoumi.server.places.models import EntryPermission
from shoumi.server.places.queries.holding import entrants_of, permission_for
from shoumi.server.places.queries.visible import zones_visible_to
from shoumi.server.places.services.entry import Wish, permission_request, permission_revoke
from shoumi.server.places.services.errors import DaysError, ReasonMissingError

State = EntryPermission.State


@pytest.mark.requirement("ZON-12")
def test_nobody_enters_without_permission_and_no_request_is_one(company):
    person = company.seller.person
    assert permission_for(person, company.secret) is None
    row = company.permission(person)
    assert permission_for(person, company.secret) is None
    with pytest.raises(NotPermittedError):
        decide(row, company.department_officer)  # asked for it
    decide(row, company.officer)
    assert permission_for(person, company.secret) == row


@pytest.mark.requirement("ZON-12")
def test_posts_and_departments_carry_their_people(company):
    assert entrants_of(company.secret) == []
    company.permitted(company.engineer)
    assert {item.person for item in entrants_of(company.secret)} == {
        company.proposer.person,
        company.colleague.person,
    }
    assert permission_for(company.head.person, company.secret) is None
    company.permitted(company.rd)
    assert permission_for(company.head.person, company.secret).department == company.rd  # and all below it
    assert permission_for(company.seller.person, company.secret) is None


@pytest.mark.requirement("ZON-12")
def test_a_permission_ends_with_its_last_day_and_when_it_is_taken_back(company, fixed_clock):
    person = company.seller.person
    row = company.permitted(person, days=3)
    fixed_clock.advance(timedelta(days=3))
    assert permission_for(person, company.secret) == row
    fixed_clock.advance(timedelta(days=1))
    assert permission_for(person, company.secret) is None
    second = company.permitted(person)
    with pytest.raises(ReasonMissingError):
        permission_revoke(actor=company.owner, permission=second, reason="")
    permission_revoke(actor=company.owner, permission=second, reason="项目结束")
    assert permission_for(person, company.secret) is None
    with pytest.raises(TransitionRefusedError):
        permission_revoke(actor=company.owner, permission=second, reason="再次")


def test_taking_a_request_back_closes_it(company):
    row = company.permission(company.seller.person)
    permission_revoke(actor=company.department_officer, permission=row, reason="写错了")
    assert not [item for item in requests_of(row.ledger_subject) if item.is_open]


def test_a_rejected_permission_lets_nobody_in(company):
    row = company.permission(company.seller.person)
    decide(row, company.officer, "reject", "无必要")
    row.refresh_from_db()
    assert row.state == State.REJECTED
    assert permission_for(company.seller.person, company.secret) is None


def test_core_zones_and_key_places_take_a_leader_as_well(company):
    company.key_place()
    row = company.permission(company.seller.person)
    decide(row, company.officer)
    assert permission_for(company.seller.person, company.secret) is None
    decide(row, company.leader)
    assert permission_for(company.seller.person, company.secret) is not None


def test_days_are_in_order_and_at_most_a_year(company):
    today = clock().now().date()
    for starts, ends in ((0, -1), (-9, -2), (0, 400)):
        wish = Wish(
            company.seller.person, today + timedelta(days=starts), today + timedelta(days=ends), "日常工作"
        )
        with pytest.raises(DaysError):
            permission_request(actor=company.officer, zone=company.secret, wish=wish)


@pytest.mark.parametrize("name", ["auditor", "technician", "colleague", "sales_owner", "leader", "counsel"])
def test_who_may_not_ask(company, name):
    with pytest.raises(NotPermittedError):
        company.permission(company.seller.person, actor=getattr(company, name))


def test_employees_see_their_departments_zones_and_those_they_may_enter(company):
    def seen(user):
        return set(zones_visible_to(user).values_list("code", flat=True))

    assert seen(company.colleague) == {"L1"}
    assert seen(company.seller) == {"O1"}
    company.permitted(company.seller.person)
    assert seen(company.seller) == {"O1", "L1"}
    assert seen(company.counsel) == set()
    assert seen(company.auditor) == {"L1", "O1", "R1"}
    assert seen(company.foreign_officer) == set()
