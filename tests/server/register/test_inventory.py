"""Inventories: what is expected, scans late or twice, differences as tasks, and two signatures."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.register.company import registered, signed_in
from tests.server.register.things import added, mark, zone

from shoumi.engine.policy import Action
from shoumi.engine.workflow import INVENTORY
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Inventory, InventoryItem, InventoryScan
from shoumi.server.register.queries.inventory import (
    carrier_by_code,
    differences_of,
    inventories_visible_to,
    inventory_resource,
    progress_of,
)
from shoumi.server.register.services.inventory import counting, signing
from shoumi.server.register.services.inventory.counting import Scan

pytestmark = pytest.mark.django_db


def start(company, **more):
    values = {
        "actor": company.department_officer, "department": company.rd, "title": "三月盘点",
        "scope": "department",
        "due_on": today_of(company.cn) + timedelta(days=7),
    }  # fmt: skip
    return counting.inventory_start(**(values | more))


def scan(company, row, code, place=None, actor=None, **more):
    one = Scan(more.pop("id", uuid.uuid4()), code, **more)
    actor = actor or company.department_officer
    return counting.inventory_scan(actor=actor, inventory_id=row.pk, zone=place, scans=[one])[0]


@pytest.fixture
def shelf(company):
    """Two carriers in one zone, the first marked; a third lies elsewhere."""
    secret = registered(company)
    secret.carriers.update(status="destroyed")
    here, there = zone(company, "HERE"), zone(company, "THERE")
    carriers = [added(company, secret, where=place) for place in (here, here, there)]
    mark(company, carriers[0])
    return here, there, carriers


def test_a_count_tells_found_missing_misplaced_unknown_and_unmarked(company, shelf):
    here, _there, (first, second, third) = shelf
    row = start(company, scope="zone", zone=here)
    assert progress_of(row).expected == 2
    assert scan(company, row, f"https://shoumi.example.com{first.get_absolute_url()}", here).result == "found"
    assert scan(company, row, third.number.lower(), here).result == "misplaced"
    assert scan(company, row, "https://elsewhere.example.com/x", here).result == "unknown"
    signing.inventory_close(actor=company.department_officer, inventory_id=row.pk)
    row.refresh_from_db()
    figures = progress_of(row)
    assert (figures.found, figures.missing, figures.misplaced, figures.unknown) == (1, 1, 1, 1)
    assert figures.unmarked == 1  # the third was never marked
    assert row.items.get(carrier=second).result == "missing"
    due = today_of(company.cn) + timedelta(days=14)
    assert set(differences_of(row).values_list("task_due", flat=True)) == {due}


def test_a_scan_sent_again_counts_once_and_the_last_place_wins(company, shelf):
    here, there, (first, *_rest) = shelf
    row = start(company, scope="zone", zone=here)
    one = uuid.uuid4()
    assert scan(company, row, first.number, there, id=one).result == "misplaced"
    again = scan(company, row, first.number, there, id=one)
    assert (again.repeated, again.result) == (True, "misplaced")
    assert InventoryScan.objects.filter(inventory=row).count() == 1
    assert scan(company, row, first.number, here).result == "found"
    assert row.items.get(carrier=first).scans.count() == 2
    assert scan(company, row, first.number, here, unmarked=True).result == "found"
    assert row.items.get(carrier=first).unmarked


def test_it_is_cleared_signed_by_the_keeper_and_confirmed_by_another(company, shelf):
    *_zones, (first, second, _third) = shelf
    row = start(company, scope="keeper", keeper=company.head.person)
    for carrier in (first, second):
        scan(company, row, carrier.number, actor=company.head)
    with pytest.raises(counting.InventoryStateError):
        signing.inventory_sign(actor=company.head, inventory_id=row.pk)
    signing.inventory_close(actor=company.officer, inventory_id=row.pk)
    with pytest.raises(counting.InventoryStateError):
        scan(company, row, first.number)
    with pytest.raises(signing.DifferencesLeftError):
        signing.inventory_sign(actor=company.head, inventory_id=row.pk)
    with pytest.raises(signing.KeeperFirstError):
        signing.inventory_confirm(actor=company.officer, inventory_id=row.pk)
    for item in differences_of(row):
        signing.difference_clear(actor=company.head, item_id=item.pk, how="已找回并补标")
    for stranger in (company.owner, company.seller, company.colleague):
        with pytest.raises(NotPermittedError):
            signing.inventory_sign(actor=stranger, inventory_id=row.pk)
    signing.inventory_sign(actor=company.head, inventory_id=row.pk)
    with pytest.raises(NotPermittedError):
        signing.inventory_confirm(actor=company.head, inventory_id=row.pk)
    signed = signing.inventory_confirm(actor=company.officer, inventory_id=row.pk)
    assert (signed.state, signed.keeper_by, signed.office_by) == ("signed", company.head, company.officer)
    assert {state.name for state in INVENTORY.states} == set(Inventory.State.values)


def test_whoever_signs_for_the_keeper_does_not_confirm(company, shelf):
    row = start(company)
    row.keeper_by = company.officer
    row.save()
    decision = gate.decide(company.officer, Action.INVENTORY_CONFIRM, inventory_resource(row))
    assert decision.reasons == ("inventory-signed-by-two",)


def test_late_differences_are_reminded_once_a_week(company, shelf, fixed_clock):
    row = start(company)
    signing.inventory_close(actor=company.department_officer, inventory_id=row.pk)
    reminded = []
    for _day in range(22):
        fixed_clock.advance(timedelta(days=1))
        reminded.append(signing.inventories_remind())
    assert sum(reminded) == 2
    assert reminded.index(1) == 14


def test_lists_of_inventories_agree_with_the_gate(company, shelf):
    start(company)
    start(company, scope="keeper", keeper=company.head.person)
    for name, user in company.everybody.items():
        seen = set(inventories_visible_to(user).values_list("pk", flat=True))
        for row in Inventory.objects.select_related("department__entity"):
            permitted = gate.permits(user, Action.INVENTORY_VIEW, inventory_resource(row))
            assert permitted is (row.pk in seen), (name, row)
    with pytest.raises(NotPermittedError):
        start(company, actor=company.colleague)
    with pytest.raises(counting.NothingToCountError):
        start(company, department=company.sales, actor=company.officer)


def test_codes_are_addresses_or_numbers_and_nothing_else(company, shelf):
    *_zones, (first, *_rest) = shelf
    assert carrier_by_code(f" {first.number} ") == first
    assert carrier_by_code(f"HTTPS://EXAMPLE.COM/REGISTER/CARRIERS/{str(first.pk).upper()}/") == first
    for code in ("", "'; drop", str(first.pk), "/register/carriers/not-a-uuid/", "x" * 600):
        assert carrier_by_code(code) is None


def test_a_phone_sends_scans_over_http_and_reads_how_far_the_count_is(client, company, shelf):
    here, _there, (first, *_rest) = shelf
    signed_in(client, company.department_officer)
    made = client.post(
        reverse("register:inventory_start"),
        {
            "title": "盘点",
            "department": company.rd.pk,
            "scope": "zone",
            "zone": here.pk,
            "due_on": "2026-03-09",
        },
    )
    row = Inventory.objects.get()
    assert made["Location"] == reverse("register:inventory_detail", args=[row.pk])
    assert "data-scanner" in client.get(reverse("register:inventory_scan", args=[row.pk])).content.decode()
    address = reverse("register:inventory_scans", args=[row.pk])
    body = {"zone": str(here.pk), "scans": [{"id": str(uuid.uuid4()), "code": first.number}]}
    answer = client.post(address, json.dumps(body), content_type="application/json")
    assert answer.json()["readings"][0]["result"] == "found"
    assert answer.json()["progress"]["percent"] == 50
    for broken in (b"", b"[]", b'{"scans": 3}', b'{"scans": [{}]}', b'{"zone": "x", "scans": []}'):
        assert client.post(address, broken, content_type="application/json").status_code == 400
    client.post(reverse("register:inventory_close", args=[row.pk]))
    assert client.post(address, json.dumps(body), content_type="application/json").status_code == 409
    page = client.get(reverse("register:inventory_detail", args=[row.pk])).content.decode()
    item = InventoryItem.objects.get(result="missing")
    assert reverse("register:difference_clear", args=[item.pk]) in page
    assert client.get(reverse("register:difference_clear", args=[item.pk])).status_code == 200
    for form, head in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        report = client.post(reverse("register:inventory_report", args=[row.pk]), {"form": form})
        assert report.content.startswith(head)
    assert client.get(reverse("register:inventory_list")).status_code == 200
    signed_in(client, company.seller)
    assert client.post(address, json.dumps(body), content_type="application/json").status_code == 403
