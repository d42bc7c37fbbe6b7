"""Zones: three kinds, must-be secret zones suggested, nothing lowered under its carriers."""

from __future__ import annotations

import pytest
from tests.server.register.company import registered

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.people.services.editing import RecordChangedError
from shoumi.server.places.models import SuggestionDecision, Zone
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.queries.suggestions import suggestions_for
from shoumi.server.places.queries.zones import verify_secret_zone
from shoumi.server.places.services.errors import (
    DepartmentElsewhereError,
    ReasonMissingError,
    ZoneCodeTakenError,
    ZoneGroundError,
    ZoneHoldsCarriersError,
    ZoneKindError,
    ZoneOccupiedError,
)
from shoumi.server.places.services.suggestions import suggestion_accept, suggestion_decline
from shoumi.server.places.services.zones import ZoneFacts, zone_change, zone_close, zone_create

LAB = ZoneFacts("L1", "材料实验室", Zone.Kind.SECRET, 2, ground="ZON-02")


def change(company, zone, **facts):
    values = {
        "code": zone.code,
        "name": zone.name,
        "kind": zone.kind,
        "level": zone.level,
        "ground": zone.ground,
    }
    return zone_change(
        actor=company.officer,
        zone=zone,
        expected_version=zone.version,
        department=zone.department,
        facts=ZoneFacts(**{**values, **facts}),
    )


def keep_carrier(company, zone, level="important"):
    """Put the carrier of a registered secret into the zone."""
    carrier = registered(company, level=level).carriers.get()
    carrier.zone = zone
    carrier.save(update_fields=["zone"])
    return carrier


@pytest.mark.requirement("ZON-01")
def test_there_are_three_kinds_and_only_secret_zones_have_a_level(company):
    assert set(Zone.Kind.values) == {"secret", "office", "reception"}
    kinds = {zone.kind: zone.level for zone in (company.secret, company.desks, company.lobby)}
    assert kinds == {"secret": 2, "office": 0, "reception": 0}
    for kind, level in (("secret", 0), ("office", 1), ("reception", 3), ("cellar", 0), ("secret", 4)):
        with pytest.raises(ZoneKindError):
            company.zone("X", "x", kind, level=level, ground="ZON-02")


@pytest.mark.requirement("ZON-05")
def test_the_company_chooses_further_secret_zones_with_a_reason(company):
    with pytest.raises(ZoneGroundError):
        company.zone("B1", "董事会议室", Zone.Kind.SECRET, level=3, ground="ZON-05")
    with pytest.raises(ZoneGroundError):
        company.zone("B1", "董事会议室", Zone.Kind.SECRET, level=3, ground="ZON-99", reason="讨论战略")
    zone = company.zone("B1", "董事会议室", Zone.Kind.SECRET, level=3, ground="ZON-05", reason="讨论战略")
    assert (zone.ground, zone.ground_reason) == ("ZON-05", "讨论战略")
    verify_secret_zone(zone, 3)


@pytest.mark.requirement("ZON-02", "ZON-03", "ZON-04")
@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("ZON-02", "产品设计室"), ("ZON-02", "数据中心"), ("ZON-02", "第二车间"),
        ("ZON-02", "Test laboratory"),
        ("ZON-03", "财务室"), ("ZON-03", "人力资源部"), ("ZON-03", "信息管理室"), ("ZON-03", "経理室"),
        ("ZON-04", "涉密档案室"), ("ZON-04", "样品间"), ("ZON-04", "資料室"),
    ],
)  # fmt: skip
def test_a_place_that_must_be_secret_is_suggested_with_the_reason(company, group, name):
    zone = company.zone("S1", name, Zone.Kind.OFFICE)
    found = [
        item for item in suggestions_for(company.officer) if item.zone == zone and item.group.id == group
    ]
    assert found
    assert found[0].word
    assert found[0].group.reason.zh in {item.reason.zh for item in rules_for(company.cn).must_be}
    assert not [item for item in suggestions_for(company.officer) if item.zone == company.lobby]


@pytest.mark.requirement("ZON-02", "ZON-03")
def test_departments_are_suggested_until_they_have_a_secret_zone_of_that_ground(company):
    finance = company.department(company.cn, "FI", "财务部")
    item = next(row for row in suggestions_for(company.officer) if row.department == finance)
    assert item.group.id == "ZON-03"
    facts = ZoneFacts("F1", "财务部", Zone.Kind.SECRET, 1, ground="ZON-03")
    zone = suggestion_accept(actor=company.officer, group="ZON-03", target=finance, facts=facts)
    assert (zone.kind, zone.department, zone.level) == (Zone.Kind.SECRET, finance, 1)
    assert finance not in [row.department for row in suggestions_for(company.officer)]
    assert SuggestionDecision.objects.get(zone=zone).outcome == "accepted"
    assert entries_of(zone.ledger_subject).last().tag == "places:suggestion:accepted"


@pytest.mark.requirement("ZON-04")
def test_a_place_where_carriers_are_kept_is_suggested_whatever_its_name(company):
    assert not [row for row in suggestions_for(company.officer) if row.zone == company.desks]
    keep_carrier(company, company.desks)
    item = next(row for row in suggestions_for(company.officer) if row.zone == company.desks)
    assert (item.group.id, item.word) == ("ZON-04", "")


@pytest.mark.requirement("ZON-02")
def test_a_suggestion_is_declined_with_a_reason_that_stays(company):
    item = next(row for row in suggestions_for(company.officer) if row.department == company.rd)
    with pytest.raises(ReasonMissingError):
        suggestion_decline(actor=company.officer, group=item.group.id, target=company.rd, reason=" ")
    suggestion_decline(actor=company.officer, group=item.group.id, target=company.rd, reason="只有会议用途")
    again = next(row for row in suggestions_for(company.officer) if row.department == company.rd)
    assert again.declined.reason == "只有会议用途"
    with pytest.raises(NotPermittedError):
        suggestion_decline(actor=company.sales_owner, group=item.group.id, target=company.rd, reason="x")


def test_who_may_enter_zones(company):
    facts = ZoneFacts("N1", "新区域", Zone.Kind.OFFICE)
    for actor in (company.officer, company.owner, company.department_officer):
        made = zone_create(actor=actor, entity=company.cn, department=company.lab, facts=facts)
        made.delete()
    for actor in (
        company.auditor, company.technician, company.leader, company.legal, company.counsel,
        company.colleague, company.sales_owner, company.foreign_officer,
    ):  # fmt: skip
        with pytest.raises(NotPermittedError):
            zone_create(actor=actor, entity=company.cn, department=company.lab, facts=facts)
    with pytest.raises(NotPermittedError):
        zone_create(actor=company.owner, entity=company.cn, department=None, facts=facts)


def test_codes_are_unique_within_an_entity_and_departments_stay_at_home(company):
    with pytest.raises(ZoneCodeTakenError):
        zone_create(actor=company.officer, entity=company.cn, department=None, facts=LAB)
    with pytest.raises(DepartmentElsewhereError):
        zone_create(
            actor=company.hr, entity=company.cn, department=company.tokyo, facts=ZoneFacts("T", "t", "office")
        )


def test_two_people_do_not_overwrite_each_other(company):
    zone = company.secret
    change(company, zone, name="一号实验室")
    with pytest.raises(RecordChangedError):
        change(company, zone, name="二号实验室")


def test_nobody_lowers_or_closes_a_zone_under_its_carriers(company):
    keep_carrier(company, company.secret)
    for facts in ({"level": 1}, {"kind": "office", "level": 0}):
        with pytest.raises(ZoneHoldsCarriersError):
            change(company, company.secret, **facts)
    with pytest.raises(ZoneHoldsCarriersError):
        zone_close(
            actor=company.officer, zone=company.secret, expected_version=company.secret.version, reason="搬迁"
        )
    assert change(company, company.secret, level=3).level == 3


def test_a_zone_is_closed_once_and_with_a_reason(company):
    zone = company.desks
    with pytest.raises(ReasonMissingError):
        zone_close(actor=company.officer, zone=zone, expected_version=zone.version, reason="")
    closed = zone_close(actor=company.officer, zone=zone, expected_version=zone.version, reason="搬迁")
    assert not closed.is_open
    with pytest.raises(ZoneOccupiedError):
        zone_close(actor=company.officer, zone=closed, expected_version=closed.version, reason="再次")


def test_a_key_place_is_not_closed(company):
    company.key_place()
    zone = Zone.objects.get(pk=company.secret.pk)
    with pytest.raises(ZoneOccupiedError):
        zone_close(actor=company.officer, zone=zone, expected_version=zone.version, reason="搬迁")
