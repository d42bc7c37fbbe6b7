"""An engineer comes to the Japanese company from a competitor: no access before every promise is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.cases import ACTIONS, Case
from tests.journeys.drawing import draw
from tests.journeys.stage import fits, says
from tests.journeys.test_agreement import filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
JOINER, HEAD, SIGNER = "氷室 葵", "神崎 澪", "星野 律"
FACTS = {"post_level": "important", "knows_secrets": "yes", "from_competitor": "yes"}
CHECKED = dict.fromkeys(("prior_non_compete", "prior_secrecy", "history"), "settled")
ISSUED = dict.fromkeys(("accounts", "devices", "cards", "keys"), "settled")
PROMISE = "前職の秘密を侵害しない誓約"
ALONE = ("モニタリングの告知", "規程の確認")
WITH_COMPANY = ("秘密保持誓約書", "秘密保持契約")
ACCESS = "アクセスの開始"


def gate(page):
    """Return what the page of the case says of the start of access."""
    return page.document.xpath(f'//dt[. = "{ACCESS}"]/following-sibling::dd')[0].text_content()


@pytest.mark.requirement("ONB-01", "ONB-02", "ONB-03")
def test_a_joiner_from_a_competitor_gets_no_access_before_the_promise(stage):
    first_day = datetime.now(ZoneInfo("Asia/Tokyo")).date() + timedelta(days=5)
    case = Case(stage)
    case.open_on_screen(stage.at("hr", "ja"), "joining", JOINER, {"first_day": str(first_day)}, FACTS)
    hr, legal, officer, it = (stage.desk(name, "ja") for name in ("hr", "legal", "officer", "it"))
    case.name(hr, "company", SIGNER)
    case.name(hr, "manager", HEAD)
    case.items(hr, "経歴確認", CHECKED, "前職の秘密保持義務あり。競業避止なし。")
    case.record(hr, "前職の資料を持ち込まない申告", "私物の機器と資料はないと本人が申告。")
    case.record(legal, "競業避止の要否の決定", "約さない。")
    page = case.step(legal, PROMISE)
    page = legal.open(page.links("/agreements/new/")[0]).press()
    page = filled(page).submit("expected_version", {})
    assert "署名待ち" in page.text

    joiner = stage.at("jp-engineer", "ja", phone=True)
    case.sign_on_screen(joiner, "jp-engineer", ALONE[0])
    assert fits(joiner)
    joiner.locator("main section:has(#step-next) a").click()  # what is to be signed next is offered at once
    says(joiner, "署名する")
    desk = stage.desk("jp-engineer", "ja")
    case.sign(desk, "jp-engineer", ALONE[1])
    for title in WITH_COMPANY:
        case.sign(desk, "jp-engineer", title)
        case.sign(stage.desk("jp-officer", "ja"), "jp-officer", title)
    case.sign(desk, "jp-engineer", "開示範囲の説明")
    case.sign(stage.desk("jp-owner", "ja"), "jp-owner", "開示範囲の説明")
    case.record(officer, "着任前の教育", "研修に合格。", proof=True)
    told = gate(hr.open(case.home))
    assert "まだ不可" in told
    assert told.endswith(PROMISE), told
    assert "これより前は不可アクセスの開始" in case.step(it, "アカウントと機器の貸与").text

    joiner.goto(case.home)
    joiner.locator("main a.work-row", has_text=PROMISE).first.click()
    joiner.locator(f"{ACTIONS} a.btn-primary").click()
    says(joiner, "前職の営業秘密に関する誓約書")
    assert fits(joiner)
    draw(joiner)
    joiner.check("input[name=read]")
    joiner.fill("input[name=password]", stage.password("jp-engineer"))
    with joiner.expect_navigation():
        joiner.locator("form[data-drawn-signature] button.btn-primary").click()
    expect(joiner.locator("form[data-drawn-signature]")).to_have_count(0)
    page = hr.open(case.home)
    assert gate(page).startswith("可能")
    assert page.text.count("業務内容の定期確認") == 7  # a quarter each, for two years
    case.items(it, "アカウントと機器の貸与", ISSUED, "貸与した。", together=[HEAD])
    page = case.confirm(stage.desk("jp-owner", "ja"), "アカウントと機器の貸与")
    assert "完了" in page.text
    ledger = stage.desk("auditor", "ja").open(f"/ledger/?subject=person_case:{case.home.split('/')[-2]}")
    assert "lifecycle:record:linked" in ledger.text  # the promise came from the agreement
