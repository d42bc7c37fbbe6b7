"""Joiners and leavers from a CSV: every fault is told at its cell before a case is opened."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.server.register.company import signed_in

from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.lifecycle.models import CaseStep, PersonCase

HEADER = "法人,工号,类别,日期,提出日期,离职原因"
GOOD = [
    "SM,E004,离职,2026-03-31,2026-03-02,正常离职",
    "SM,E006,入职,2026-03-10,,",
    "SM,E002,离职,2026-03-01,,失联",
]
BAD = [
    "SM,E999,离职,2026-03-31,2026-03-02,正常离职",
    "SM,E005,离职,2026-03-31,2026-03-02,",
    "SM,E001,离职,2026-02-30,2026-03-02,退休",
    "SM,E003,离职,,,退休",
    "XX,E003,离职,2026-03-31,2026-03-02,退休",
]


@pytest.fixture
def browser(company):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return signed_in(client, company.people_office)


def upload(browser, lines):
    content = "\n".join([HEADER, *lines]).encode()
    sent = SimpleUploadedFile("入离职.csv", content, "text/csv")
    answer = browser.post(reverse("lifecycle:import_new"), {"file": sent})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return answer.url


@pytest.mark.requirement("ONB-00")
def test_good_rows_open_cases(browser, company):
    where = upload(browser, GOOD)
    page = browser.get(where).content.decode()
    assert "Joining" in page
    assert company.seller.person.name in page
    assert not PersonCase.objects.exists()  # the preview keeps nothing
    assert not CaseStep.objects.exists()
    answer = browser.post(where, {"do": "apply", "expected_version": "1"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    kinds = dict(PersonCase.objects.values_list("person__number", "kind"))
    assert kinds == {"E004": "leaving", "E006": "joining", "E002": "leaving"}
    vanished = PersonCase.objects.get(person__number="E002")
    assert vanished.facts["reason"] == "vanished"
    assert vanished.days == {"found_day": "2026-03-01"}
    assert LedgerEntry.objects.filter(tag="lifecycle:import:applied").count() == 1


def test_every_fault_stands_at_its_cell_and_nothing_is_opened(browser):
    where = upload(browser, [*GOOD, *BAD])
    page = browser.get(where).content.decode()
    for words in ("E999", "Say why a leaver leaves", "2026-02-30", "must be given", "XX"):
        assert words in page
    browser.post(where, {"do": "apply", "expected_version": "1"})  # refused: there are faults
    assert not PersonCase.objects.exists()


def test_who_is_not_hr_imports_nothing(company):
    for user in (company.officer, company.legal, company.owner, company.auditor, company.leaver):
        assert signed_in(Client(), user).get(reverse("lifecycle:import_new")).status_code == 403
