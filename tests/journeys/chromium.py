"""Opens a real Chromium on a running installation and notes what it complains about.

A page of it is signed in through the sign-in form.  What is looked at on the pages is the tests' task.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, Response

from tests.journeys.installation import Installation

PROGRAM = "/usr/bin/chromium-headless-shell"  # Chromium as it is without a window: half of the time
WHOLE = "/usr/bin/chromium"  # with its reader of PDFs and its cameras
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
def chromium(playwright: Playwright, *arguments: str, program: str = PROGRAM) -> Iterator[Browser]:
    """Yield a browser whose windows nobody sees."""
    browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *arguments])
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
    """Sign in as a demonstration account, confirm the reminder, choose the language; return the page.

    Whoever did so before comes back with the cookies of then.
    """
    page = context.new_page()
    if name in installation.cookies:
        come_back(context, installation, name, language)
        page.goto(f"{installation.url}/")
    else:
        page.goto(f"{installation.url}/account/login/")
    if "/account/login" in page.url:
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", installation.password(name))
        follow(page.locator("form:has(input[name=login]) button[type=submit]"))
        if "/accounts/reminder/" in page.url:
            follow(page.locator('form[action*="reminder"] button[type=submit]'))
        installation.cookies[name] = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    choose_language(page, language)
    return page


def follow(target: Locator) -> None:
    """Click the first of what is found and wait until the page it leads to is there to be read."""
    with target.page.expect_navigation():
        target.first.click()


def come_back(context: BrowserContext, installation: Installation, name: str, language: str) -> None:
    """Put the cookies of somebody who signed in before into a window, with the language they chose."""
    known = installation.cookies[name] | {"django_language": language}
    context.add_cookies([{"name": key, "value": known[key], "url": installation.url} for key in known])


def choose_language(page: Page, language: str) -> None:
    """Switch the console to another language by its own menu, unless it is the one."""
    if (page.get_attribute("html", "lang") or "").lower() != language:
        button = page.locator(
            f'form:has(button[name=language]) button[name=language][value="{language}"]'
        ).first
        with page.expect_navigation():
            button.evaluate("button => button.click()")
    assert (page.get_attribute("html", "lang") or "").lower() == language
