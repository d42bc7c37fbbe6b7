"""One secret, from a proposal to a proof, as three people see it in a real Chromium, in each language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import LOCALES, complaints_of, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROPOSERS = {"zh-hans": "owner", "ja": "jp-owner", "en": "owner"}  # the Japanese entity works by its own pack
WORDS = {
    "zh-hans": ("密封件寿命对照表", "各型号密封件的寿命与工况", "竞争对手可以直接复制。"),
    "ja": ("シール寿命一覧表", "型式ごとのシール寿命と使用条件", "競合他社がすぐに模倣できる。"),
    "en": ("Table of seal lives", "Life of each seal by working condition", "A rival could copy it at once."),
}
CONTENT = "型式 A：8000 h；型号B：12500 h\n".encode()
NEXT = "button[name=do][value=next]"


@pytest.fixture
def sign_in(browser, installation):
    """Sign somebody in in a window of their own; at the end no window may have complained."""
    windows = []

    def opened(name, language):
        context = browser.new_context(locale=LOCALES[language], base_url=installation.url)
        context.set_default_timeout(15_000)
        windows.append((context, complaints_of(context)))
        return signed_in(context, installation, name, language)

    yield opened
    for context, complaints in windows:
        context.close()
        assert complaints == []


def fill_all(page, text):
    """Answer every text and date field of the step in the middle of the page that is still empty."""
    for field in page.locator(
        "main form textarea:visible, main form input[type=text]:not([name*=number]):visible"
    ).all():
        if field.input_value() == "":
            field.fill(text)
    for field in page.locator("main form input[type=date]:visible").all():
        field.fill("2026-02-20")


def answer_all(page, ending, value):
    """Choose `value` in every group of radio buttons whose name ends with `ending`."""
    buttons = page.locator(f'main input[type=radio][name$="{ending}"][value="{value}"]').all()
    assert buttons
    for button in buttons:
        button.check()


def go_on(page, step):
    page.locator(NEXT).click()
    page.wait_for_url(re.compile(f"/draft/{step}/$"))


def propose(page, words):
    """Walk through the steps and submit; return the path of the secret."""
    name, hint, why = words
    page.goto("/register/propose/")
    page.locator("select[name=department] option:not([value=''])").first.wait_for(state="attached")
    page.select_option("select[name=department]", index=0)
    page.check("input[name=national_security][value=no]")
    page.locator("form:has(select[name=department]) button.btn-primary").click()
    page.wait_for_url(re.compile(r"/draft/1/$"))
    home = page.url.split("/draft/")[0]
    for field, text in (("name", name), ("description", hint), ("necessity", why)):
        page.fill(f"main [name={field}]", text)
    for field in ("category", "custodian"):
        page.select_option(f"select[name={field}]", index=1)
    go_on(page, 2)
    page.set_input_files(
        "input[type=file]", {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": CONTENT}
    )
    expect(page.locator("[data-upload-item]")).to_have_attribute("data-state", "ready")
    go_on(page, 3)
    answer_all(page, "-verdict", "met")
    answer_all(page, "-answer", "no")
    fill_all(page, why)
    go_on(page, 4)
    answer_all(page, "-grade", "2")
    for field in page.locator("textarea[name$=-reason]").all():
        field.fill(why)
    page.check("input[name=level][value=important]")
    page.fill("textarea[name=level_reason]", why)
    page.check("input[name=national_security][value=no]")
    go_on(page, 5)
    page.locator("input[name=departments]").first.check()
    go_on(page, 6)
    assert page.locator(".fault-list li").all_inner_texts() == []
    page.locator("form:has(input[name=expected_version]) button.btn-primary").click()
    page.wait_for_url(f"{home}/")
    expect(page.locator("h1")).to_contain_text(name)
    return home


def approve(page, name, why):
    """Find the request among what waits for this person, read the whole record, approve."""
    page.goto("/approvals/")
    page.locator('main a[href^="/approvals/"]', has_text=name).first.click()
    page.locator('.page-head-actions a[href*="/register/secrets/"]').click()
    page.wait_for_url(re.compile(r"/review/$"))
    page.fill("textarea[name=reason]", why)
    page.locator("button[name=verdict][value=approve]").click()
    expect(page.locator("h1")).to_contain_text(name)


@pytest.mark.requirement("IDN-01", "IDN-02", "IDN-03", "GEN-01", "GEN-05")
@pytest.mark.parametrize("language", list(WORDS))
def test_from_a_proposal_to_a_proof(installation, sign_in, tmp_path, language):
    name, _hint, why = words = WORDS[language]
    owner = sign_in(PROPOSERS[language], language)
    home = propose(owner, words)
    approve(sign_in("officer", language), name, why)
    approve(sign_in("leader", language), name, why)

    owner.goto(f"{home}/files/")
    with owner.expect_download() as opened:
        owner.locator("main .file-rows a[href*='/files/'], main table a[href*='/files/']").first.click()
    assert opened.value.path().read_bytes() == CONTENT
    owner.goto(f"{home}/evidence/")
    owner.fill("input[name=purpose]", why)
    with owner.expect_download(timeout=60_000) as package:
        owner.locator('form[action$="/evidence/package/"] button').click()
    package.value.save_as(tmp_path / "package.zip")
    verified = installation.run("verify", str(tmp_path / "package.zip"))
    assert verified.returncode == 0, verified.stdout + verified.stderr
