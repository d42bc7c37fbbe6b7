"""One secret, from a proposal to a proof that a stranger can check: over HTTP, with real processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from datetime import date

import pytest

from tests.journeys.browsing import Browser, Page

WORDS = {
    "en": {
        "name": "Coating thickness table",
        "hint": "Layer thickness by part, with tolerances",
        "why": "A rival could copy it at once.",
    },
    "zh-hans": {"name": "涂层厚度对照表", "hint": "各零件的涂层厚度与公差", "why": "竞争对手可以直接复制。"},
    "ja": {
        "name": "被膜厚さ一覧表",
        "hint": "部品ごとの被膜の厚さと公差",
        "why": "競合他社がすぐに模倣できる。",
    },
}
CONTENT = "零件 A：12.5 µm；部品B：8.0 µm\n".encode()


def value_of(page: Page, name: str, containing: str) -> str:
    """Return the value of the first choice whose label contains some words."""
    return next(value for label, value in page.choices(name).items() if containing in label)


def propose(owner: Browser, language: str, name: str, content: bytes = CONTENT) -> tuple[str, Page]:
    """Walk through the proposal as the owner; return the path of the secret and the last page."""
    words = WORDS[language]
    page = owner.open("/register/propose/")
    page = page.submit(
        "national_security", {"national_security": "no", "department": value_of(page, "department", "研发部")}
    )
    home = page.path.split("/draft/")[0]
    page = page.submit(
        "necessity",
        {
            "do": "next",
            "name": name,
            "description": words["hint"],
            "necessity": words["why"],
            "category": "IDN-T2",
            "custodian": value_of(page, "custodian", "闻景行"),
        },
    )
    page = page.submit("files-plain", {"do": "next"}, files={"files-plain": ("涂层 thickness.txt", content)})
    answers: dict[str, str] = {"do": "next"}
    for element in ("secrecy", "value", "measures"):
        answers |= {
            f"element_{element}-verdict": "met",
            f"element_{element}-reason": words["why"],
            f"element_{element}-evidence": words["hint"],
        }
    answers |= {f"exclusion_IDN-X{number}-answer": "no" for number in range(1, 5)}
    answers |= {
        "exclusion_IDN-X1-difference": words["hint"],
        "exclusion_IDN-X2-patent_search": words["hint"],
        "exclusion_IDN-X3-sources_searched": words["hint"],
        "exclusion_IDN-X3-searched_on": date(2026, 2, 20).isoformat(),
        "exclusion_IDN-X3-searched_by": "闻景行",
    }
    page = page.submit("element_value-reason", answers)
    grades = {f"factor_LVL-F{number}-grade": "2" for number in range(1, 8)}
    grades |= {f"factor_LVL-F{number}-reason": words["why"] for number in range(1, 8)}
    page = page.submit(
        "level",
        {
            "do": "next",
            **grades,
            "level": "important",
            "level_reason": words["why"],
            "national_security": "no",
        },
    )
    page = page.submit(
        "period_reason",
        {
            "do": "next",
            "kind": "span",
            "years": "5",
            "departments": [value_of(page, "departments", "研发部")],
        },
    )
    return home, page


def decide(browser: Browser, request: str, verdict: str, reason: str) -> Page:
    return browser.open(request).submit("verdict", {"verdict": verdict, "reason": reason})


@pytest.mark.requirement("IDN-01", "IDN-02", "IDN-03", "IDN-04", "GEN-01", "GEN-05")
@pytest.mark.parametrize("language", ["zh-hans", "ja", "en"])
def test_from_a_proposal_to_a_proof(installation, tmp_path, language):
    words = WORDS[language]
    owner, officer, leader = (
        Browser(installation, name, language=language) for name in ("owner", "officer", "leader")
    )
    for browser in (owner, officer, leader):
        browser.choose_language(language)

    home, page = propose(owner, language, words["name"])
    assert page.language.lower() == language
    page = page.submit("expected_version", {})
    assert page.path == f"{home}/"
    assert words["name"] in page.text

    # the owner cannot decide what the owner proposed
    request = next(
        link
        for link in officer.open("/approvals/").links("/approvals/")
        if is_about(officer, link, words["name"])
    )
    refused = owner.client.get(request)
    assert not lets_decide(Page(owner, refused)), "the proposer is offered a decision"

    decide(officer, request, "approve", words["why"])
    decide(leader, request, "approve", words["why"])

    page = owner.open(f"{home}/")
    assert "CN-2026-" in page.text
    downloaded = download_file(owner, home)
    assert downloaded == CONTENT

    package = tmp_path / "package.zip"
    package.write_bytes(fetch_package(owner, home))
    verify_as_a_stranger(installation, package, tmp_path)


def is_about(browser: Browser, link: str, name: str) -> bool:
    if not link.startswith("/approvals/") or len(link.strip("/").split("/")) != 2 or len(link) < 40:
        return False
    return name in browser.open(link).text


def lets_decide(page: Page) -> bool:
    return page.response.status_code == 200 and bool(page.document.xpath('//input[@name="verdict"]'))


def download_file(browser: Browser, home: str) -> bytes:
    link = browser.open(f"{home}/files/").links(f"{home}/files/")
    target = next(each for each in link if len(each.rstrip("/").split("/")[-1]) == 36)
    response = browser.client.get(target)
    assert response.status_code == 200
    return response.content


def fetch_package(browser: Browser, home: str) -> bytes:
    page = browser.open(f"{home}/evidence/")
    form = next(form for form in page.document.forms if (form.action or "").endswith("/evidence/package/"))
    response = browser.client.post(
        form.action,
        data={"purpose": "proof", "csrfmiddlewaretoken": browser.client.cookies["csrftoken"]},
        headers={"Referer": str(page.response.url)},
        timeout=60,
    )
    assert response.status_code == 200, response.text[:500]
    return response.content


def verify_as_a_stranger(installation, package, tmp_path):
    """Check the package with all three verifiers; alter one byte of the file and see it refused by all."""
    folder = tmp_path / "opened"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    inside = next(path.parent for path in folder.rglob("verify.sh"))
    payload = next(path for path in inside.rglob("*") if path.is_file() and path.read_bytes() == CONTENT)

    def run(*command: object) -> int:
        return subprocess.run(
            [str(part) for part in command], cwd=inside, capture_output=True, check=False
        ).returncode

    shell = shutil.which("dash") or "sh"
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
    assert installation.run("verify", str(package)).returncode == 0
    assert run(shell, "verify.sh") == 0
    assert run(python, "verify.py") == 0
    payload.write_bytes(CONTENT.replace(b"12.5", b"12.6"))
    assert installation.run("verify", str(inside)).returncode == 1
    assert run(shell, "verify.sh") == 1
    assert run(python, "verify.py") == 1
