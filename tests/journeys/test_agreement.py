"""An agreement from a person's facts to the ledger: assembled, signed, downloaded, its hash proved."""

from __future__ import annotations

import hashlib

import pytest

from tests.journeys.browsing import Browser, Page
from tests.server.agreements.company import picture_url, strokes_text

KIND = "secret_post_nda"


def filled(page: Page) -> Page:
    """Fill in every part of a draft as it is asked for; return the page of the draft."""
    for _part in range(8):
        if "/part/" not in page.path:
            return page
        form = page.form_with("expected_version")
        values = {}
        for name, value in form.fields.items():
            if (value and value.strip()) or name in {"csrfmiddlewaretoken", "expected_version"}:
                continue
            field = form.inputs[name]
            if field.tag == "select":
                values[name] = [option for option in field.value_options if option][-1]
            elif field.get("type") == "date":
                values[name] = "2026-01-01"
            else:
                values[name] = "3年" if set("期隔") & set(_label(form, field)) else "示例"
        page = page.submit("expected_version", values)
    fault = f"{page.path} asks for more and more: {page.text[:400]}"
    raise AssertionError(fault)


def _label(form, field) -> str:
    return "".join(form.xpath(f'.//label[@for="{field.get("id")}"]')[0].itertext())


@pytest.mark.requirement("ONB-03", "ONB-07")
def test_an_nda_is_assembled_signed_by_drawing_downloaded_and_proved(installation):
    hr = Browser(installation, "hr", language="zh-hans")
    engineer = Browser(installation, "it", language="zh-hans")
    begin = hr.open("/agreements/new/")
    entity = next(link for link in begin.links("/agreements/new/") if "CN" in link or len(link) > 40)
    page = filled(hr.open(entity).submit("kind", {"kind": KIND, "person": "D013"}))
    draft = page.path
    assert "固定文本" in page.text, page.text[:800]
    page = page.submit("expected_version", {})
    assert "待签署" in page.text

    link = engineer.open("/agreements/mine/").links("/agreements/mine/")
    mine = next(each for each in link if draft.split("/")[-2] in each)
    page = engineer.open(mine)
    shown = page.form_with("pdf_sha256").fields["pdf_sha256"]
    taken = engineer.client.get(f"{mine}pdf/").content
    assert hashlib.sha256(taken).hexdigest() == shown
    drawn = {
        "picture": picture_url(),
        "strokes": strokes_text(),
        "read": "on",
        "password": installation.accounts["it"],
    }
    assert "已签署" in page.submit("pdf_sha256", drawn).text
    assert engineer.client.get(f"{mine}pdf/").content == taken

    legal = Browser(installation, "legal", language="zh-hans")
    page = legal.open(f"{draft}countersign/")
    page = page.submit("pdf_sha256", {"password": installation.accounts["legal"]})
    assert "生效中" in page.text

    listed = legal.open(f"/ledger/?subject=agreement:{draft.split('/')[-2]}")
    entries = dict.fromkeys(listed.links("/ledger/entries/"))
    told = [legal.open(each).submit("purpose", {"purpose": "核对签署的文件"}).text for each in entries]
    assert sum(shown in text for text in told) == 3  # offered, signed, countersigned
