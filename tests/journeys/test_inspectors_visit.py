"""The inspector's visit: self-inspection, rows behind the counts, frozen run and package, over HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.chromium import LOCALES, complaints_of, follow, signed_in

LINE = "专线租用合同：2026-01-01 起".encode()
CN = {"entity": "CN"}


def begin(officer: Browser) -> str:
    """Begin a run, or go on with the one that is open; return its path."""
    page = officer.open("/assurance/self-inspection/?entity=CN")
    start = [form for form in page.document.forms if (form.action or "").endswith("/self-inspection/start/")]
    if start:
        return officer.post("/assurance/self-inspection/start/", CN).path
    runs = [link for link in page.links("/assurance/self-inspection/") if len(link.split("/")[3]) == 36]
    return runs[0]


def rows_behind(officer: Browser, run: str) -> list[str]:
    """Return the addresses behind the counts of a run."""
    links = officer.open(run).document.xpath('//td[@class="number"]/a/@href')
    return sorted({link.split("#")[0] for link in links})


@pytest.mark.requirement("GEN-16")
def test_from_the_first_row_to_the_package(installation):
    officer = Browser(installation, "officer", language="zh-hans")
    auditor = Browser(installation, "auditor", language="zh-hans")
    employee = Browser(installation, "employee", language="zh-hans")
    officer.post(
        "/assurance/self-inspection/profile/?entity=CN", {"demonstration": "on", "since": "2026-01-01"}
    )
    run = begin(officer)
    page = officer.open(run)
    assert len(page.document.xpath("//main//tbody/tr")) == 217

    behind = rows_behind(officer, run)
    assert len(behind) > 10
    for link in behind:
        officer.open(link)  # each count opens its rows

    assert "CPU-11" in officer.open(f"{run}?result=ask").text
    judging = officer.open(f"{run}rows/CPU-11/")
    judged = judging.submit(
        "reason",
        {"result": "shown", "reason": "数据经专线传输，合同见附件。"},
        files={"file-plain": ("专线合同.txt", LINE)},
    )
    assert judged.path == run

    assert auditor.open(run).document.xpath('//a[contains(@href, "/rows/")]') == []
    employee.open(run, status=403)
    frozen = officer.open(f"{run}freeze/").submit("expected_version", {})
    assert frozen.path == run
    assert "/rows/CPU-11/" not in frozen.response.text

    response = auditor.client.post(
        f"{run}package/",
        data={"language": "zh-hans", "csrfmiddlewaretoken": auditor.client.cookies["csrftoken"]},
        headers={"Referer": str(auditor.client.base_url)},
        timeout=120,
    )
    assert response.status_code == 200, response.text[:500]
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert archive.read("report.pdf").startswith(b"%PDF")
    assert archive.read("proofs/CPU-11-专线合同.txt") == LINE
    index = json.loads(archive.read("evidence-index.json"))
    assert index["state"] == "frozen"
    assert index["demonstration_enterprise_trial"] is True
    assert len(index["rows"]) == 217
    assert {row["row"]: row for row in index["rows"]}["CPU-11"]["result"] == "shown"
    assert hashlib.sha256(LINE).hexdigest() in archive.read("evidence-index.json").decode()

    second = begin(officer)
    assert second != run
    assert officer.open(f"{second}?change=1").response.status_code == 200


@pytest.mark.browser
@pytest.mark.slow
def test_the_visit_in_chromium(browser, installation):
    context = browser.new_context(locale=LOCALES["zh-hans"], base_url=installation.url)
    context.set_default_timeout(15_000)
    complaints = complaints_of(context)
    page = signed_in(context, installation, "officer", "zh-hans")
    page.goto("/assurance/?entity=CN")
    page.locator("[data-chart=heat] svg").wait_for()
    page.locator(".heat tbody a").first.click()
    page.locator("#list-results").wait_for()
    page.goto("/assurance/self-inspection/?entity=CN")
    follow(page.locator("main tbody a"))
    follow(page.locator("a.number-card"))
    assert page.locator("main tbody tr").count() > 20
    context.close()
    assert complaints == []
