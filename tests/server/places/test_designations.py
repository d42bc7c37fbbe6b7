"""Key departments and key places: proposed by one, decided by another, withdrawn in the same order."""

from __future__ import annotations

import dataclasses

import pytest
from tests.server.places.company import FACTS, decide

from shoumi.engine.jurisdiction import load_pack, rule_text
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.queries import requests_of
from shoumi.server.ledger.queries import entries_of
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Designation, Sign
from shoumi.server.places.queries.holding import bans_devices, key_place_of
from shoumi.server.places.queries.rail import stations_of
from shoumi.server.places.queries.suggestions import key_departments_suggested
from shoumi.server.places.services.designations import (
    department_designate,
    place_describe,
    place_designate,
    withdrawal_propose,
)
from shoumi.server.places.services.errors import (
    DesignatedAlreadyError,
    DesignationFaultyError,
    ReasonMissingError,
)
from shoumi.server.places.services.protection import entrance_add, sign_put_up

State = Designation.State


@pytest.mark.requirement("ZON-09")
def test_departments_that_deal_much_with_secrets_are_suggested_sales_among_them(company):
    company.department(company.cn, "FI", "财务部")
    found = {item.department.code: item.kind.id for item in key_departments_suggested(company.officer)}
    assert found == {"RD": "research", "SA": "sales", "FI": "finance"}
    rows = load_pack("cn").places.key_departments
    assert [row.names.zh for row in rows] == ["研发部门", "财务部门", "营销部门"]


@pytest.mark.requirement("ZON-14")
def test_a_key_department_takes_a_reason_and_a_second_person(company, english):
    with pytest.raises(ReasonMissingError):
        department_designate(actor=company.officer, department=company.sales, reason=" ")
    row = department_designate(
        actor=company.officer, department=company.sales, reason="每天使用报价和客户信息"
    )
    assert row.state == State.PROPOSED
    with pytest.raises(NotPermittedError):
        decide(row, company.officer)  # nobody decides their own proposal
    decide(row, company.leader)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (State.IN_FORCE, company.leader)
    assert company.sales not in [item.department for item in key_departments_suggested(company.officer)]
    with pytest.raises(DesignatedAlreadyError):
        department_designate(actor=company.officer, department=company.sales, reason="再次")
    assert "creates, passes on, uses and manages" in load_pack("cn").places.key_criterion.en


@pytest.mark.requirement("ZON-14")
def test_a_designation_is_withdrawn_in_the_same_order_and_holds_meanwhile(company):
    row = department_designate(actor=company.officer, department=company.sales, reason="经常使用客户信息")
    decide(row, company.leader)
    row.refresh_from_db()
    row = withdrawal_propose(
        actor=company.sales_owner, designation=row, expected_version=row.version, reason="业务转出"
    )
    assert row.is_live
    decide(row, company.leader, "reject", "业务仍在")
    row.refresh_from_db()
    assert row.state == State.IN_FORCE
    row = withdrawal_propose(
        actor=company.officer, designation=row, expected_version=row.version, reason="部门撤销"
    )
    decide(row, company.second_leader)
    row.refresh_from_db()
    assert (row.state, row.is_live) == (State.WITHDRAWN, False)
    tags = [entry.tag for entry in entries_of(row.ledger_subject)]
    assert tags.count("places:withdrawal:proposed") == 2
    assert tags.index("places:withdrawal:rejected") < tags.index("places:withdrawal:approved")


def test_a_rejected_proposal_leaves_room_for_another(company):
    row = department_designate(actor=company.officer, department=company.sales, reason="x")
    decide(row, company.leader, "reject", "理由不足")
    row.refresh_from_db()
    assert row.state == State.REJECTED
    assert department_designate(actor=company.officer, department=company.sales, reason="补充理由")


@pytest.mark.requirement("ZON-10")
def test_a_key_place_says_how_it_is_dedicated_fixed_independent_and_minimal(company, english):
    for condition in ("dedicated", "fixed", "independent", "minimal"):
        facts = dataclasses.replace(FACTS, conditions={**FACTS.conditions, condition: " "})
        with pytest.raises(DesignationFaultyError) as refused:
            place_designate(actor=company.officer, zone=company.secret, reason="核心工艺", facts=facts)
        assert len(refused.value.fields["list"]) == 1
    with pytest.raises(DesignationFaultyError):
        place_designate(actor=company.officer, zone=company.desks, reason="核心工艺", facts=FACTS)
    row = place_designate(actor=company.officer, zone=company.secret, reason="核心工艺", facts=FACTS)
    assert key_place_of(company.secret) is None  # not before a second person has decided
    decide(row, company.leader)
    assert key_place_of(company.secret) == row
    assert row.conditions == FACTS.conditions


@pytest.mark.requirement("ZON-15")
def test_measures_of_all_three_defences_and_the_equipment_are_listed(company):
    for defence in ("people", "physical", "technical"):
        fewer = tuple(item for item in FACTS.measures if item.defence != defence)
        with pytest.raises(DesignationFaultyError):
            place_designate(
                actor=company.officer,
                zone=company.secret,
                reason="核心工艺",
                facts=dataclasses.replace(FACTS, measures=fewer),
            )
    row = company.key_place()
    listed = {(item.defence, item.description, item.number) for item in row.measures.all()}
    assert ("physical", "防盗门", "D-17") in listed
    assert {defence for defence, _text, _number in listed} == {"people", "physical", "technical"}


@pytest.mark.requirement("ZON-16")
@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.parametrize("language", ["zh-hans", "ja", "en"])
def test_the_template_becomes_the_rule_of_the_place(pack, language):
    words = {"company": "澄光", "place": "材料实验室", "department": "研发部", "level": "核心"}
    text = rule_text(load_pack(pack).places, language, words)
    assert all(word in text for word in words.values())
    assert "{" not in text


@pytest.mark.requirement("ZON-16")
def test_a_key_place_has_a_rule_of_its_own_in_versions(company):
    with pytest.raises(DesignationFaultyError):
        place_designate(
            actor=company.officer,
            zone=company.secret,
            reason="核心工艺",
            facts=dataclasses.replace(FACTS, rule=" "),
        )
    row = company.key_place()
    assert (row.rule, row.rule_version) == (FACTS.rule, 1)
    facts = dataclasses.replace(FACTS, rule="未经批准不得进入,手机须存柜。")
    row = place_describe(actor=company.owner, designation=row, expected_version=row.version, facts=facts)
    assert row.rule_version == 2
    row = place_describe(actor=company.owner, designation=row, expected_version=row.version, facts=facts)
    assert row.rule_version == 2  # the same words are the same version
    with pytest.raises(NotPermittedError):
        place_describe(actor=company.auditor, designation=row, expected_version=row.version, facts=facts)


@pytest.mark.requirement("ZON-17")
def test_a_key_place_is_not_done_before_its_sign_hangs(company, english):
    row = company.key_place()
    zone = company.secret

    def sign_station():
        return next(item for item in stations_of(zone, row) if item.title == "Key place, with its sign")

    assert sign_station().css != "done"
    entrance = entrance_add(actor=company.officer, zone=zone, name="正门")
    sign_put_up(
        actor=company.officer,
        entrance=entrance,
        kind=Sign.Kind.KEY_PLACE,
        put_up_on=today_of(company.cn),
        photo=None,
    )
    assert sign_station().css == "done"


def test_a_key_place_bans_devices_and_only_while_it_is_one(company):
    assert not bans_devices(company.secret)
    row = company.key_place()
    assert bans_devices(company.secret)
    row = withdrawal_propose(
        actor=company.officer, designation=row, expected_version=row.version, reason="工艺迁出"
    )
    decide(row, company.leader)
    assert not bans_devices(company.secret)


def test_who_may_propose(company):
    for actor in (company.auditor, company.technician, company.colleague, company.sales_owner, company.legal):
        with pytest.raises(NotPermittedError):
            place_designate(actor=actor, zone=company.secret, reason="x", facts=FACTS)
    assert not requests_of(f"zone:{company.secret.pk}")
