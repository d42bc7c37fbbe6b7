"""A worker of a Japanese contractor: papers first, then access, and never a task by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.journeys.cases import choose
from tests.journeys.stage import says, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONTRACTOR, WORKER, MANAGER = "株式会社みなも技研（デモ）", "九条 楓", "水無月 凪"
PLEDGE = {"file-plain": ("誓約書.pdf", b"%PDF-1.7 pledge")}
PHOTO = {"proof-plain": ("確認写真.txt", "暗号化済み".encode())}


def test_a_contractors_worker_is_never_addressed_by_name(stage):
    today = datetime.now(UTC).date()
    owner = stage.at("jp-owner", "ja")
    owner.goto("/partners/")
    owner.locator("main tbody a", has_text=CONTRACTOR).first.click()
    owner.locator('main a[href$="/workers/new/"]').click()
    choose(owner, "engagement", WORKER)
    send(owner)
    says(owner, "まだ開けません", MANAGER)
    worker = urlsplit(owner.url).path

    desk = stage.desk("jp-owner", "ja")
    page = desk.open(worker).follow(address="/pledge/")
    page = page.submit("pledged_on", {"pledged_on": str(today)}, files=PLEDGE)
    page = page.follow(address="/computer/")
    page = page.submit(
        "computer", {"computer": "company", "device": "PC-0201", "encrypted": True}, files=PHOTO
    )
    page = page.follow(address="/accesses/new/").submit(
        "what", {"kind": "system", "what": "名簿システム（閲覧のみ）"}
    )
    assert "書類は整っています" in page.text

    page = desk.open("/partners/").follow(CONTRACTOR).follow(address="/duties/new/")
    owner.goto(page.path)
    owner.fill("input[name=title]", f"{WORKER}さんに名簿を整理させてください")
    owner.fill("input[name=due_on]", str(today + timedelta(days=14)))
    owner.locator("main form button.btn-primary").click()
    says(owner, f"文中に「{CONTRACTOR}」の従業者の名前があります")
    stage.refused(owner)
    owner.fill("input[name=title]", "名簿の整理")
    send(owner)
    says(owner, "名簿の整理", "依頼中")

    hr = stage.at("hr", "ja")
    hr.goto("/lifecycle/new/")
    hr.select_option("select[name=kind]", "transfer")
    choose(hr, "person", WORKER)
    hr.locator("main form button.btn-primary").click()
    says(hr, "本人には直接求めず、所属会社を通します")
    stage.refused(hr)
