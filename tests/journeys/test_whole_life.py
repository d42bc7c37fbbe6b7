"""A secret's whole life: proposed, copied, lent, disclosed, changed, destroyed before witnesses, provable."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Browser, Page
from tests.journeys.chromium import LOCALES, complaints_of, signed_in
from tests.journeys.test_first_secret import CONTENT, decide, fetch_package, propose, value_of

LANGUAGE = "zh-hans"
NAME = "涂层附着力对照表"
PEOPLE = ("owner", "officer", "officer2", "leader", "employee", "legal")
DAY = timedelta(days=1)


class Life:
    """The people at their consoles, and the secret they deal with."""

    def __init__(self, installation) -> None:
        self.installation = installation
        self.at = {name: Browser(installation, name, language=LANGUAGE) for name in PEOPLE}
        for browser in self.at.values():
            browser.choose_language(LANGUAGE)
        self.today = datetime.now(UTC).date()
        self.home = self.number = ""

    def begin(self) -> None:
        """Propose the secret and let it be registered."""
        self.home, page = propose(self.at["owner"], LANGUAGE, NAME)
        page.submit("expected_version", {})
        self.approve_what_waits(f"{self.home}/")
        self.number = re.search(r"CN-\d{4}-\d{4}", self.at["owner"].open(f"{self.home}/").text)[0]

    def approve_what_waits(self, page: str) -> None:
        """Let officer and leader approve the request that stands behind a page."""
        for name in ("officer", "leader"):
            request = self.request_behind(name, page)
            decide(self.at[name], request, "approve", "同意")

    def request_behind(self, name: str, page: str) -> str:
        """Return the request of the inbox that leads to a page."""
        links = self.at[name].open("/approvals/").links("/approvals/")
        for link in dict.fromkeys(links):
            if re.fullmatch(r"/approvals/[0-9a-f-]{36}/", link):
                behind = self.at[name].open(link).links(page.rstrip("/"))
                if behind:
                    return link
        fault = f"nothing about {page} waits for {name}"
        raise AssertionError(fault)

    def mark_everything(self) -> None:
        """Record every mark that is still owed."""
        page = self.at["owner"].open(f"{self.home}/")
        for action in page.document.xpath('//form[contains(@action, "/marking/")]/@action'):
            self.at["owner"].post(action, {}, referrer=str(page.response.url))

    def draft(self, kind: str, answers: dict[str, str | bool], *, thing: str = "") -> Page:
        """Ask for an operation as the owner, up to the check; return the page of the check."""
        secret = self.home.rstrip("/").split("/")[-1]
        page = self.at["owner"].open(f"/register/operations/new/?secret={secret}&kind={kind}")
        things = page.choices("thing")
        chosen = [value for label, value in things.items() if thing in label]
        page = page.submit("thing", {"thing": chosen})
        return page.submit("expected_version", {"purpose": "试产需要", **answers})

    def ask(self, kind: str, answers: dict[str, str | bool], *, thing: str = "") -> str:
        """Ask for an operation, submit it, see it refused before approval, approve it; return its address."""
        return self.submitted(self.draft(kind, answers, thing=thing))

    def submitted(self, check: Page) -> str:
        page = check.submit("expected_version", {})
        assert "/check/" not in page.path, page.text
        self.at["officer"].open(f"{page.path}execute/", status=403)  # not before approval
        self.approve_what_waits(page.path)
        return page.path

    def carry_out(self, operation: str, **answers: str | list[str]) -> Page:
        page = self.at["officer"].open(f"{operation}execute/")
        return page.submit("password", {"password": self.password("officer"), **answers})

    def confirm(self, name: str, operation: str) -> Page:
        page = self.at[name].open(f"{operation}confirm/")
        return page.submit("password", {"password": self.password(name)})

    def give_back(self, operation: str, condition: str, *, destroyed: bool = False) -> Page:
        page = self.at["officer"].open(f"{operation}give-back/")
        fields = page.form_with("password").fields
        answers = {name: condition for name in fields if name.endswith("-condition")}
        if destroyed:
            answers |= {name: True for name in fields if name.endswith("-destroyed")}
        return page.submit("password", {"password": self.password("officer"), **answers})

    def password(self, name: str) -> str:
        return self.installation.accounts[name]


@pytest.mark.requirement(
    "ARC-OP2", "ARC-OP3", "ARC-OP5", "ARC-OP6", "ARC-07", "ARC-08", "ARC-09", "ARC-10", "MRK-05"
)
def test_a_secrets_whole_life(installation, tmp_path):
    life = Life(installation)
    life.begin()

    # nothing unmarked is copied; then a copy with its own number
    unmarked = life.draft("copy", {"method": "print", "copies": "1"})
    assert "标识" in unmarked.text
    life.at["owner"].post(
        unmarked.path, {"expected_version": "2"}, referrer=str(unmarked.response.url), status=409
    )
    life.mark_everything()
    copied = life.submitted(life.at["owner"].open(unmarked.path))
    page = life.carry_out(copied)
    assert f"{life.number}-C01" in page.text
    life.mark_everything()

    # the copy is lent, received, and given back
    soon = (life.today + 5 * DAY).isoformat()
    answers = {"receiver": receiver_of(life, "borrow", "凌子墨"), "due_on": soon}
    lent = life.ask("borrow", answers, thing="C01")
    life.carry_out(lent)
    assert "已借出" in life.confirm("employee", lent).text
    assert "已完成" in life.give_back(lent, "完好").text

    # a disclosure is refused without agreement, and goes through with one
    party = life.at["owner"].open("/register/third-parties/new/")
    party = party.submit(
        "registration_number",
        {
            "name": "示范涂装有限公司",
            "registration_number": "DEMO-2",
            "department": value_of(party, "department", "研发部"),
        },
    )
    draft = life.draft("disclose", {
        "third_party": party.path.rstrip("/").split("/")[-1], "what": "附着力数据一页", "due_on": soon,
    }, thing="涂层")  # fmt: skip
    assert "保密协议" in draft.text
    life.at["owner"].post(draft.path, {"expected_version": "2"}, referrer=str(draft.response.url), status=409)
    form = life.at["owner"].open(f"{party.path}agreements/new/")
    form.submit(
        "parties",
        {"parties": "双方", "signed_on": life.today.isoformat(), "level": "3"},
        files={"file-plain": ("协议.txt", "已签署".encode())},
    )
    disclosed = life.submitted(life.at["owner"].open(draft.path))
    life.carry_out(disclosed)
    assert "已完成" in life.give_back(disclosed, "销毁证明 7 号", destroyed=True).text

    # the level changes, and every mark with it
    change = life.at["owner"].open(f"{life.home}/change/")
    for answers in (
        {"reason": "分级调整"},
        {"level": "general", "level_reason": "部分内容已不敏感"},
        {"years": "5", "period_reason": "仍需五年"},
        {"scope_reason": "范围不变"},
        {},
    ):
        change = change.submit("part", answers)
    assert change.path == f"{life.home}/", change.text[:1500]
    life.approve_what_waits(f"{life.home}/")
    assert "普通商密" in life.at["owner"].open(f"{life.home}/").text

    # everything is destroyed before two witnesses, and the secret ends
    gone = life.ask("destroy", {"ends_secret": True})
    page = life.at["officer"].open(f"{gone}execute/")
    witnesses = [value_of(page, "witnesses", name) for name in ("纪明达", "凌子墨")]
    methods = {
        name: value
        for name in page.form_with("password").fields
        for ending, value in (("-tool", "碎纸机 P-5"), ("-verification", "目视检查"))
        if name.endswith(ending)
    }
    life.carry_out(gone, **methods, witnesses=witnesses, recording="监控 03 号机位")
    assert "已登记" in life.at["owner"].open(f"{life.home}/").text
    life.confirm("legal", gone)
    assert "已完成" in life.confirm("employee", gone).text
    assert "已销毁" in life.at["owner"].open(f"{life.home}/").text
    for link in life.at["owner"].open(f"{life.home}/files/").links(f"{life.home}/files/"):
        assert CONTENT not in life.at["owner"].client.get(link).content

    # and a stranger can check all of it
    package = tmp_path / "package.zip"
    package.write_bytes(fetch_package(life.at["owner"], life.home))
    assert installation.run("verify", str(package)).returncode == 0
    with zipfile.ZipFile(package) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    for tag in (
        "register:secret:registered", "register:operation:obstructed", "policy:decision:refused",
        "register:agreement:recorded", "register:operation:carried_out", "register:operation:given_back",
        "register:operation:confirmed", "register:change:applied", "register:secret:destroyed",
    ):  # fmt: skip
        assert tag.encode() in content, tag


def receiver_of(life: Life, kind: str, name: str) -> str:
    """Return the value that stands for a person in the request of a kind."""
    secret = life.home.rstrip("/").split("/")[-1]
    page = life.at["owner"].open(f"/register/operations/new/?secret={secret}&kind={kind}")
    chosen = next(iter(page.choices("thing").values()))
    return value_of(page.submit("thing", {"thing": [chosen]}), "receiver", name)


@pytest.mark.browser
@pytest.mark.slow
def test_a_loan_is_asked_for_in_chromium(browser, installation):
    context = browser.new_context(locale=LOCALES[LANGUAGE], base_url=installation.url)
    context.set_default_timeout(15_000)
    complaints = complaints_of(context)
    page = signed_in(context, installation, "officer2", LANGUAGE)
    page.goto("/register/operations/?out=1")
    page.locator("main table tbody a[href^='/register/operations/']").first.click()
    page.locator("main a[href^='/register/secrets/']").first.click()
    page.locator("a[href$='/use/']").click()
    page.locator("a[href*='kind=transfer']").click()
    page.locator("input[name=thing]").first.check()
    page.locator("form:has(input[name=thing]) button.btn-primary").click()
    page.fill("textarea[name=purpose]", "档案室调整")
    page.locator("form:has(textarea[name=purpose]) button.btn-primary").click()
    expect(page.locator(".check-list .look").first).to_be_visible()  # no zone chosen yet
    expect(page.locator("form:has(input[name=expected_version]) button.btn-primary")).to_be_disabled()
    context.close()
    assert complaints == []
