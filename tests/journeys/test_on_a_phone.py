"""An employee with a phone: duties, an agreement signed with a finger, a concern without a name."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import LOCALES, complaints_of, follow, signed_in
from tests.journeys.drawing import draw
from tests.journeys.stage import PHONE, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = "产线旁的显示器在交接班时没有锁屏，外来人员可以看到工艺参数。"
ANSWER = "谢谢，已安排检查并加装自动锁屏。"


@contextmanager
def phone(browser, installation, language):
    """Yield a window of a phone; at the end it may have complained of nothing."""
    context = browser.new_context(locale=LOCALES[language], base_url=installation.url, **PHONE)
    context.set_default_timeout(15_000)
    complaints = complaints_of(context)
    yield context
    context.close()
    assert complaints == []


@pytest.mark.requirement("ONB-07")
def test_what_is_to_be_done_is_found_and_an_agreement_signed_with_a_finger(browser, installation):
    with phone(browser, installation, "zh-hans") as context:
        page = signed_in(context, installation, "employee", "zh-hans")
        page.goto("/mine/")
        assert fits(page)
        follow(page.locator('main a[href="/agreements/mine/"]'))
        follow(page.locator('main a[href^="/agreements/mine/"]', has_text="涉密岗位"))
        assert fits(page)
        shown = page.locator("main p.hash").inner_text().removeprefix("SHA-256 ")
        draw(page)
        page.check("input[name=read]")
        page.fill("input[name=password]", installation.password("employee"))
        page.locator("form[data-drawn-signature] button.btn-primary").click()
        expect(page.locator("form[data-drawn-signature]")).to_have_count(0)
        expect(page.locator("main p.hash").first).to_have_text(f"SHA-256 {shown}")
        assert fits(page)


def test_a_concern_without_a_name_is_answered_into_its_mailbox(browser, installation):
    with phone(browser, installation, "zh-hans") as context:
        page = context.new_page()
        page.goto("/concern/")
        follow(page.locator('a[href="/concern/report/"]'))
        assert fits(page)
        page.select_option("select[name=kind]", "handling")
        page.check("input[name=addressee][value=office]")
        page.fill("textarea[name=text]", WORDS)
        follow(page.locator("form button.btn-primary"))
        passphrase = re.search(r"\b(?:[2-9A-HJ-NP-Z]{4}-){5}[2-9A-HJ-NP-Z]{4}\b", page.inner_text("body"))[0]
        assert fits(page)
    with phone(browser, installation, "zh-hans") as context:
        page = signed_in(context, installation, "officer", "zh-hans")
        page.goto("/concern/office/?sort=-received")
        page.locator("main tbody a[href^='/concern/office/']").first.click()
        expect(page.locator("main")).to_contain_text(WORDS)
        page.locator("a[href$='/answer/']").first.click()
        page.fill("textarea[name=text]", ANSWER)
        page.locator("main form button.btn-primary").click()
        expect(page.locator("main")).to_contain_text(ANSWER)
    with phone(browser, installation, "zh-hans") as context:
        page = context.new_page()
        page.goto("/concern/mailbox/")
        page.fill("input[name=passphrase]", passphrase.lower())
        follow(page.locator("form button.btn-primary"))
        for words in (WORDS, ANSWER):
            expect(page.locator("body")).to_contain_text(words)
        assert fits(page)
