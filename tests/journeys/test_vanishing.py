"""A salesperson resigns by chat and does not hand over: frozen, held, looked back, refused in writing."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.cases import ACCESS, ACTIONS, Case, choose
from tests.journeys.chromium import follow
from tests.journeys.stage import fits, says, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SELLER, RECEIVER, SECOND, WITNESSES = "应如是", "贺行舟", "季书瑶", ("宁采薇", "凌子墨")
FACTS = {
    "reason": "no_notice", "post_level": "general", "knows_secrets": "yes",
    "manages_accounts": "yes", "non_compete": "yes", "suspicion": "yes",
}  # fmt: skip
TOLD = "监测告知书第2版，入职时签收"
FILE = {"name": "文件服务器.csv", "mimeType": "text/csv"}
RECEIPT = {"proof-plain": ("回执.txt", b"signed for")}


def log(night: datetime) -> bytes:
    """Return what a file server noted: quiet days, then a night in which the customers' files went."""
    lines = ["时间,用户名,路径,操作"]
    lines += [
        f"{night - timedelta(days=day):%Y-%m-%d 10:00:00},seller,客户/周报{day}.docx,查阅"
        for day in range(3, 9)
    ]
    lines += [
        f"{night + timedelta(seconds=7 * number):%Y-%m-%d %H:%M:%S},seller,客户/名单{number:03}.xlsx,下载"
        for number in range(120)
    ]
    return "\n".join(lines).encode()


@pytest.mark.requirement("OFF-05", "OFF-06", "OFF-09", "OFF-12")
def test_a_salesperson_resigns_by_chat_and_does_not_hand_over(stage):  # noqa: PLR0915 - one journey
    chat = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(hours=3)
    moment = f"{chat:%Y-%m-%dT%H:%M}"
    seller = stage.at("seller", phone=True)
    seller.goto("/mine/")
    hr, it, head, second = (stage.desk(name) for name in ("hr", "it", "sales-owner", "officer2"))
    case = Case(stage)
    days = {"notice_day": moment, "found_day": moment, "last_day": str(chat.date())}
    case.open(hr, "leaving", SELLER, days, FACTS)
    case.name(hr, "receiver", RECEIVER)

    page = case.step(it, "冻结账号和设备").follow("seller")  # the sign-in stands on the step
    page.submit("reason", {"reason": "聊天中辞职，失去联系"})
    page = case.record(it, "冻结账号和设备", "账号和电脑已冻结，工作手机号已停机。")
    assert "seller已关闭" in page.text
    seller.reload()
    expect(seller.locator("input[name=login]")).to_be_visible()

    officer = stage.at("officer")
    officer.goto(case.home)
    officer.locator(f"{ACTIONS} [data-bs-toggle=dropdown]").click()
    officer.locator(f'{ACTIONS} a[href$="/hold/"]').click()
    officer.fill("input[name=reason]", "聊天中辞职，前夜批量下载客户资料")
    send(officer)
    expect(officer.locator("main a.work-row", has_text="证据固定")).to_contain_text("已完成")
    officer.locator(f"{ACTIONS} [data-bs-toggle=dropdown]").click()
    officer.locator(f'{ACTIONS} a[href$="/look-back/"]').click()
    officer.locator(f'{ACTIONS} a.btn-primary[href$="/logs/new/"]').click()
    officer.select_option("select[name=kind]", "file_access")
    officer.fill("input[name=basis]", TOLD)
    officer.fill("input[name=accounts]", "seller")
    officer.set_input_files("input[type=file]", {**FILE, "buffer": log(chat - timedelta(days=1))})
    expect(officer.locator("[data-upload-item]")).to_have_attribute("data-state", "ready")
    send(officer)
    officer.locator(f'{ACTIONS} a.btn-primary[href$="/run/"]').click()
    send(officer)
    says(officer, "查阅或下载 120 个文件", "聊天中辞职，前夜批量下载客户资料")
    officer.locator(f"{ACTIONS} a.btn-primary").click()
    officer.fill("textarea[name=note]", "命中批量下载，移交取证。")
    choose(officer, "companion", SECOND)
    send(officer)
    case.confirm(second, "回溯检查")

    page = case.items(
        it, "收回并注销权限", ACCESS, "全部关闭", moment=f"{chat + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    )
    assert "2 小时 0 分" in page.text
    case.record(head, "客户重新分配", "客户改由贺行舟负责。")
    page = case.step(head, "通知供应商、客户、合作单位").follow(address="/notices/new/")
    page = page.submit("name", {"kind": "customers", "name": "示例客户（甲）有限公司"})
    page = page.follow(address="/sent/").submit("channel", {"channel": "letter"})
    assert "已送达" in page.follow(address="/arrived/").submit("at", {}, files=RECEIPT).text

    desk = stage.desk("officer")
    case.record(desk, "离职谈话", "电话告知保密义务和法律责任，本人未到场。", together=[SECOND])
    case.confirm(second, "离职谈话")
    page = case.step(hr, "离职保密承诺书").follow(address="/refused/")
    page.submit("note", {"note": "书面通知后拒绝签署", "witnesses": page.chosen("witnesses", *WITNESSES)})
    case.confirm(stage.desk("hr2"), "离职保密承诺书")
    witness = stage.at("employee", phone=True)
    witness.goto("/lifecycle/mine/")
    witness.locator("main tbody a", has_text="离职保密承诺书").first.click()
    follow(witness.locator(f'{ACTIONS} a[href*="/confirm/"]'))
    assert fits(witness)
    witness.check("input[name=agreed][value=yes]")
    send(witness)
    says(witness, "已完成：在见证下拒签", *WITNESSES)

    page = case.step(head, "工作交接清单").follow(address="/things/new/")
    page = page.submit("label", {"group": "hardware", "label": "工作手机和绑定的企业微信，客户好友599人"})
    page = page.follow(address="/missing/").submit("note", {"note": "三次书面催告未交还"})
    assert "三次书面催告未交还缺失" in page.text
    officer.goto(case.home)
    says(officer, "办理中")
    gate = officer.locator("section[aria-labelledby=case-gates] dd").first
    expect(gate).to_contain_text("尚不可")
    expect(gate).to_contain_text("工作交接清单")  # nobody is certified who has not handed over
    assert "制作证明" not in case.step(desk, "离职检查证明").text
    ledger = stage.desk("auditor").open(f"/ledger/?subject=person_case:{case.home.split('/')[-2]}").text
    for tag in (
        "evidence:held",
        "look_back:run",
        "signature:refused",
        "notice:delivered",
        "handover:missing",
    ):
        assert f"lifecycle:{tag}" in ledger, tag
