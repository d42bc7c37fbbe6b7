"""An engineer leaves in good order: each step by whoever owns it, up to certificate and closed case."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.cases import ACCESS, ACTIONS, DETECTORS, Case
from tests.journeys.stage import fits, pdf_text, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAVER, RECEIVER, HEAD, SECOND = "白予安", "凌子墨", "闻景行", "季书瑶"
FACTS = {
    "reason": "orderly", "post_level": "important", "knows_secrets": "yes",
    "manages_accounts": "no", "non_compete": "no", "suspicion": "no",
}  # fmt: skip
THINGS = (("files", "项目文件夹三册"), ("hardware", "笔记本电脑"))
NOTHING = ("accounts", "passwords", "data", "carriers")


@pytest.mark.requirement("OFF-01", "OFF-02", "OFF-03", "OFF-10")
def test_an_orderly_leaver_gets_to_the_certificate(stage):  # noqa: PLR0915 - one journey
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    last_day = now.date() - timedelta(days=1)
    days = {"notice_day": f"{now - timedelta(days=30):%Y-%m-%dT%H:%M}", "last_day": str(last_day)}
    case = Case(stage)
    case.open(stage.desk("hr"), "leaving", LEAVER, days, FACTS)
    hr, officer, head, it = (stage.desk(name) for name in ("hr", "officer", "owner", "it"))
    case.name(hr, "receiver", RECEIVER)
    case.record(officer, "离职谈话", "告知保密义务和违反的法律责任。", together=[HEAD])
    case.confirm(head, "离职谈话")

    page = case.step(head, "工作交接清单")
    for group, label in THINGS:
        page = page.follow(address="/things/new/").submit("label", {"group": group, "label": label})
    for group in NOTHING:
        page = page.press(f"/things/none/{group}/")
    while page.offers("/hand/"):
        page = page.press("/hand/")
    page = case.step(stage.desk("employee"), "工作交接清单")
    while page.offers("/receive/"):
        page = page.press("/receive/")
    assert "已完成" in page.text, page.text

    moment = min(datetime(now.year, now.month, now.day, 0, 30, tzinfo=now.tzinfo), now)
    page = case.items(it, "收回并注销权限", ACCESS, "全部关闭", moment=f"{moment:%Y-%m-%dT%H:%M}")
    assert "0 小时 30 分" in page.text, page.text
    case.record(it, "查杀病毒", "病毒库当日，无发现")
    case.items(officer, "回溯检查", DETECTORS, "没有异常", together=[SECOND])
    case.confirm(stage.desk("officer2"), "回溯检查")
    case.record(stage.desk("legal"), "竞业限制启动或放弃的决定", "未约定竞业限制，不启动。")
    case.record(hr, "去向核查安排", "每季度从公开渠道核查一次。")
    case.record(officer, "脱密期决定", "十二个月。")
    screen = stage.at("officer")
    leaver = stage.at("engineer", phone=True)
    case.sign_on_screen(leaver, "engineer", "离职保密承诺书")
    assert fits(leaver)
    screen.goto(case.home)
    screen.locator("main a.work-row", has_text="离职检查证明").first.click()
    send(screen, ACTIONS)
    screen.locator(f'{ACTIONS} a[href$="/sign/"]').click()
    screen.fill("input[name=password]", stage.password("officer"))
    send(screen)
    case.sign(stage.desk("employee"), "employee", "离职检查证明")
    case.sign_on_screen(leaver, "engineer", "离职检查证明")
    assert fits(leaver)
    with leaver.expect_download() as taken:
        leaver.locator('main a[href$="/certificate.pdf"]').click()
    text = pdf_text(taken.value.path())
    for words in ("离职检查证明", LEAVER, RECEIVER, "笔记本电脑"):
        assert words in text
    case.record(hr, "办理档案和社会保险转移", "已办理。", proof=True)
    page = case.record(officer, "离职检查登记备案", "已归档。", proof=True)
    page = hr.open(case.home).follow(address="/close/").submit("outcome", {"outcome": "交接完毕"})
    assert "已结案" in page.text, page.text[:500]
    ledger = stage.desk("auditor").open(f"/ledger/?subject=person_case:{case.home.split('/')[-2]}")
    told = Counter(re.findall(r"lifecycle:[a-z_]+:[a-z_]+", ledger.text))
    assert told["lifecycle:signature:given"] == 4  # the pledge and three on the certificate
    assert told["lifecycle:handover:received"] == len(THINGS) + len(NOTHING)
    for tag in ("case:opened", "record:attested", "certificate:drawn", "certificate:issued", "case:closed"):
        assert f"lifecycle:{tag}" in told, tag
