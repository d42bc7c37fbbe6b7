"""A secrets ledger as companies keep it comes in: every fault by its cell, nothing half written."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.journeys.browsing import Browser
from tests.vectors.legacy_register.generate import ROWS, SHEET, expected_faults, ledger_workbook

pytestmark = pytest.mark.slow

LONGEST = 240  # seconds for 500 rows on a busy machine
WHY = "竞争对手可以直接复制。"
FAULTY_CELLS = "//tbody/tr/th[contains(@class, 'mono')]"
MENDED = {
    "level": "重要商密",
    "made_on": "2024-05-06",
    "period": "5年",
    "category": "研发信息",
    "number": "SM-2099-9999",
}


def mend(path, target):
    """Write the ledger again with a good value in each faulty cell."""
    book = load_workbook(path)
    for number, fault in enumerate(expected_faults()):
        cell = fault.cell.rpartition("!")[2]
        book[SHEET][cell] = MENDED.get(fault.column, f"补正后的名称{number}")
    book.save(target)
    return target


def person(installation, name):
    browser = Browser(installation, name, language="zh-hans")
    browser.choose_language("zh-hans")
    return browser


def upload(browser, path):
    """Hand the file in and return the preview."""
    page = browser.open("/register/import/")
    entity = next(value for label, value in page.choices("entity").items() if "有限公司" in label)
    return page.submit("entity", {"entity": entity}, files={"file-plain": (path.name, path.read_bytes())})


def approve(decider, batch):
    """Approve the batch as somebody for whom it waits; those for whom it does not are passed over."""
    for link in decider.open("/approvals/").links("/approvals/"):
        if re.fullmatch(r"/approvals/[\w-]{36}/", link):
            shown = decider.open(link)
            if shown.links(batch):
                shown.submit("verdict", {"verdict": "approve", "reason": WHY})
                return


def taken_over(browser, batch):
    """Look at the batch until a worker has taken it over, portion by portion; tell whether it did."""
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        if browser.open(batch).document.xpath(
            "//*[contains(@class, 'page-lead')]/*[contains(@class, 'state-good')]"
        ):
            return True
    return False


def secrets_count(browser):
    return browser.client.get("/api/v1/secrets?limit=1").json()["count"]


@pytest.mark.requirement("GEN-01")
def test_an_older_ledger_comes_in_whole_or_not_at_all(installation, tmp_path):
    importer, *deciders = (
        person(installation, name) for name in ("officer", "officer2", "leader", "leader2")
    )
    before = secrets_count(importer)
    faulty = ledger_workbook(tmp_path / "台账.xlsx")

    page = upload(importer, faulty)
    named = {cell.text_content().strip() for cell in page.document.xpath(FAULTY_CELLS)}
    assert named == {fault.cell for fault in expected_faults()}
    assert secrets_count(importer) == before

    page = upload(importer, mend(faulty, tmp_path / "台账（补正）.xlsx"))
    assert not page.document.xpath(FAULTY_CELLS), page.text[:1500]
    page = page.submit("part", {"national_security": "no"})
    answers = {"necessity": WHY}
    for element in ("secrecy", "value", "measures"):
        answers |= {f"{element}_reason": WHY, f"{element}_evidence": WHY}
    page = page.submit("part", answers)
    answers = {}
    for name in page.form_with("part").fields:
        if name.endswith("-answer"):
            answers[name] = "no"
        elif name.endswith(("_on", "_date")):
            answers[name] = date(2026, 2, 20).isoformat()
        elif name.startswith("exclusion_") and "number" not in name:
            answers[name] = WHY
    page = page.submit("part", answers)
    assert page.path.startswith("/register/import/batches/"), page.text[:1500]
    assert secrets_count(importer) == before

    for decider in deciders:
        approve(decider, page.path)
    assert taken_over(importer, page.path), importer.open(page.path).text[:1500]
    assert secrets_count(importer) == before + ROWS
    lines = importer.client.get("/api/v1/secrets-ledgers/lines?limit=1").json()["count"]
    assert lines >= 2 * ROWS
