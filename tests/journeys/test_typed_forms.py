"""A line that drops loses nothing that was typed: in a real Chromium, first offline, then online again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import LOCALES, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REASON = "出差期间由副手代为审批，原因写得很长很长。"
FORM = "main form:has([name=reason])"


@pytest.fixture
def page(browser, installation):
    context = browser.new_context(locale=LOCALES["zh-hans"], base_url=installation.url)
    context.set_default_timeout(15_000)
    yield signed_in(context, installation, "officer", "zh-hans")
    context.close()


def kept(page):
    return page.evaluate("Object.values(sessionStorage).join()")


def send(page):
    """Send the form although other fields are empty: the server answers with what is missing."""
    page.locator(FORM).first.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")


def test_what_was_typed_stands_in_the_form_again(page):
    page.goto("/approvals/delegations/")
    page.fill(f"{FORM} [name=reason]", REASON)
    expect(page.locator(f"{FORM}[data-kept]")).to_be_attached()
    assert REASON in kept(page)

    page.context.set_offline(True)
    send(page)
    expect(page.locator(".typed-note")).to_be_visible()
    expect(page.locator(f"{FORM} [name=reason]")).to_have_value(REASON)
    page.context.set_offline(False)

    page.goto("/")
    page.goto("/approvals/delegations/")
    expect(page.locator(f"{FORM} [name=reason]")).to_have_value(REASON)
    page.locator(".typed-note button").click()
    expect(page.locator(f"{FORM} [name=reason]")).to_have_value("")
    assert REASON not in kept(page)


def test_a_form_that_arrived_is_forgotten(page):
    page.goto("/approvals/delegations/")
    page.fill(f"{FORM} [name=reason]", REASON)
    expect(page.locator(f"{FORM}[data-kept]")).to_be_attached()
    assert REASON in kept(page)
    with page.expect_navigation():
        send(page)
    assert REASON not in kept(page)
    page.goto("/approvals/delegations/")
    expect(page.locator(f"{FORM} [name=reason]")).to_have_value("")
