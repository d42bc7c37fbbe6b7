"""Opens a real Chromium on a running installation and notes what it complains about.

A page of it is signed in through the sign-in form.  What is looked at on the pages is the tests' task.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from tests.journeys.installation import Installation

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"zh-hans": "zh-CN", "ja": "ja-JP", "en": "en-US"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def complaints_of(context: BrowserContext) -> list[str]:
    """Return a list that fills with console errors, policy violations, script faults and failed answers."""
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security" in message.text:
            complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    context.on("console", said)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("response", answered)
    return complaints


def signed_in(context: BrowserContext, installation: Installation, name: str, language: str) -> Page:
    """Sign in as a demonstration account, confirm the reminder, choose the language; return the page."""
    page = context.new_page()
    page.goto(f"{installation.url}/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", installation.accounts[name])
    page.locator("form:has(input[name=login]) button[type=submit]").first.click()
    if "/accounts/reminder/" in page.url:
        page.locator('form[action*="reminder"] button[type=submit]').first.click()
    choose_language(page, language)
    return page


def choose_language(page: Page, language: str) -> None:
    """Switch the console to another language by its own menu, unless it is the one."""
    if (page.get_attribute("html", "lang") or "").lower() != language:
        button = page.locator(
            f'form:has(button[name=language]) button[name=language][value="{language}"]'
        ).first
        with page.expect_navigation():
            button.evaluate("button => button.click()")
    assert (page.get_attribute("html", "lang") or "").lower() == language
