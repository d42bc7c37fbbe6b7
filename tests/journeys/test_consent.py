"""A processing that rests on consent: told, agreed to by telephone, withdrawn; the gate answers each time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Browser
from tests.journeys.chromium import follow
from tests.journeys.stage import fits, says, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME, NOTICE = "Door passages of the laboratory", "What the laboratory’s doors record"
WHAT = {
    "name": NAME, "purpose": "premises", "kinds": ["door-passage"], "basis": "consent",
    "basis_note": "Asked of each person; whoever refuses gets a key instead",
}  # fmt: skip
PERSON = "凌子墨"


def recorded(legal: Browser) -> str:
    """Have legal record the processing in three parts; return its address."""
    page = legal.open("/privacy/register/").follow(address="/privacy/register/new/")
    page = page.submit("entity", {"entity": page.chosen("entity", "Chengguang Precision (Demo)")[0]})
    page = page.submit("basis_note", WHAT)
    page = page.submit("departments", {"departments": page.chosen("departments", "研发部")})
    owners = {name: page.chosen(name, person)[0] for name, person in OWNERS.items()}
    return page.submit("recipients", {**WHERE, **owners}).path


OWNERS = {"legal_owner": "纪明达", "security_owner": "程以恒"}
WHERE = {"recipients": "Security office", "storage": "Shanghai", "keep_months": "3"}


def asked(legal: Browser) -> str:
    """Return what the gate answers legal."""
    page = legal.open("/privacy/register/").follow(address="/privacy/register/check/")
    form = page.form_with("person")
    values = {
        **dict(form.fields),
        "person": page.chosen("person", PERSON)[0],
        "kind": "door-passage",
        "purpose": "premises",
    }
    page = legal.open(f"{page.path}?" + "&".join(f"{key}={value}" for key, value in values.items() if value))
    return page.document.xpath("//section[@aria-labelledby='gate-answer']")[0].text_content()


def test_a_consent_is_given_on_a_telephone_and_withdrawn(stage):
    legal, it, hr = (stage.desk(name, "en") for name in ("legal", "it", "hr"))
    processing = recorded(legal)
    it.open(processing).follow(address="/agree/").press()
    page = legal.open("/privacy/notices/").follow(address="/privacy/notices/new/")
    page = page.submit("entity", {"entity": page.chosen("entity", "Chengguang Precision (Demo)")[0]})
    page = page.submit("title", {"title": NOTICE, "processings": page.chosen("processings", NAME)})
    page = page.submit(
        "en", {"en": "The doors of the laboratory record who passes.", "zh": "实验室门禁记录出入人员。"}
    )
    hr.open(page.path).press("/send/")
    assert "Not permitted" in asked(legal)

    phone = stage.at("employee", "en", phone=True)
    phone.goto("/mine/")
    phone.locator('main a[href="/privacy/mine/"]').first.click()
    phone.locator("main a.own-row", has_text=NOTICE).click()
    says(phone, "The doors of the laboratory record who passes.")
    assert fits(phone)
    send(phone)
    mine = phone.locator(".own-item", has_text=NAME)
    expect(mine).to_contain_text("The person has not agreed.")
    assert "Not permitted" in asked(legal)
    follow(mine.get_by_role("link", name="Read and answer"))
    assert fits(phone)
    follow(phone.locator("button[name=answer][value=agree]"))
    expect(mine.locator(".own-kinds")).not_to_contain_text("not collected")
    assert "Permitted" in asked(legal)
    follow(mine.locator('form[action*="/withdraw/"] button'))
    expect(mine).to_contain_text("Withdrawn")
    expect(mine.locator(".own-kinds")).to_contain_text("not collected")
    assert "Not permitted" in asked(legal)
    assert f"{PERSON}{NAME}the processing as a wholeWithdrawn" in legal.open("/privacy/consents/").text
    page = stage.desk("auditor", "en").open(f"/ledger/?subject=processing:{processing.split('/')[-2]}")
    for tag in ("recorded", "agreed"):
        assert f"privacy:processing:{tag}" in page.text
