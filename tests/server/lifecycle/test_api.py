"""The API of cases and agreements: each role gets what the console shows them, and no more."""

from __future__ import annotations

from django.test import Client
from tests.server.lifecycle.company import step_of
from tests.server.register.company import signed_in

from shoumi.server.agreements.services.coverage import needs_count
from shoumi.server.lifecycle.models import PersonCase

CASES, AGREEMENTS = "/api/v1/cases", "/api/v1/agreements"


def test_cases_are_opened_read_and_led_on_as_in_the_console(company):
    body = {
        "person": str(company.leaver.person.pk),
        "kind": "leaving",
        "facts": {"reason": "orderly", "knows_secrets": "yes", "manages_accounts": "no", "suspicion": "no"},
        "days": {"notice_day": "2026-03-01", "last_day": "2026-03-31"},
    }
    office, technician = company.people_office, company.technician
    users = (office, company.leaver, technician, company.seller)
    browser = {user: signed_in(Client(), user) for user in users}

    def send(user, address, data):
        return browser[user].post(f"{CASES}{address}", data, content_type="application/json")

    for user in (company.leaver, technician, company.seller):
        assert send(user, "/", body).status_code in {403, 404}
    made = send(office, "/", body)
    assert made.status_code == 201
    case = PersonCase.objects.get(pk=made.json()["id"])
    assert (made.json()["number"], made.json()["day"]) == (case.number, "2026-03-31")
    assert send(office, "/", body).status_code == 409
    page = f"{CASES}/{case.pk}"
    whole = browser[office].get(page).json()
    assert [row["key"] for row in whole["steps"]] == list(case.steps.values_list("key", flat=True))
    mine = browser[company.leaver].get(page).json()["steps"]
    assert {row["key"] for row in mine} == {"exit-pledge", "certificate"}  # what concerns the person
    assert {row["role"] for row in browser[technician].get(page).json()["steps"]} == {"it_administrator"}
    assert browser[company.seller].get(page).status_code == 403
    assert browser[company.seller].get(f"{CASES}/").json()["items"] == []
    tasks = browser[technician].get(f"{CASES}/steps/mine").json()["items"]
    assert {row["key"] for row in tasks} == {"revocation", "malware-scan"}
    scan = f"/steps/{step_of(case, 'malware-scan').pk}/record"
    assert send(company.seller, scan, {"note": "x"}).status_code == 403
    assert send(technician, scan, {"note": ""}).status_code == 400
    done = send(technician, scan, {"note": "病毒库已升级，未发现。"})
    assert (done.status_code, done.json()["state"]) == (200, "done")


def test_agreements_and_their_coverage_are_told_within_the_remit(company):
    needs_count([company.leaver.person.pk, company.seller.person.pk])
    hr, seller = (signed_in(Client(), user) for user in (company.people_office, company.seller))
    found = hr.get(f"{AGREEMENTS}/needs").json()["items"]
    told = hr.get(f"{AGREEMENTS}/coverage").json()
    assert sum(told["states"].values()) == len(found) > 0
    assert {row["person"] for row in found} >= {str(company.leaver.person.pk)}
    for address in ("/needs", "/"):
        assert seller.get(f"{AGREEMENTS}{address}").json()["items"] == []
    assert seller.get(f"{AGREEMENTS}/coverage").json() == {"cells": [], "states": {}}
