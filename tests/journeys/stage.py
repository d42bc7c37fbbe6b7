"""Persons of the demonstration company at their own screens: windows of one Chromium, signed in once each.

Whoever was signed in by an earlier journey comes back with the cookies of then, as a browser that was only
closed.  At the end of a journey no window may have complained of anything that was not expected.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.browsing import Browser as Desk
from tests.journeys.chromium import LOCALES, come_back, complaints_of
from tests.journeys.installation import Installation

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 15_000


class Stage:
    """The windows that are open during one journey."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.browser = browser
        self.installation = installation
        self.pages: dict[str, Page] = {}
        self.desks: dict[str, Desk] = {}
        self.windows: list[tuple[BrowserContext, list[str]]] = []

    def window(self, language: str, *, phone: bool = False) -> BrowserContext:
        """Return a new window."""
        context = self.browser.new_context(
            locale=LOCALES[language], base_url=self.installation.url, **(PHONE if phone else {})
        )
        context.set_default_timeout(PATIENCE_MS)
        self.windows.append((context, complaints_of(context)))
        return context

    def at(self, name: str, language: str = "zh-hans", *, phone: bool = False) -> Page:
        """Return the window of somebody who signed in before; no page is open in it yet."""
        if name not in self.pages:
            self.installation.returning(name, language=language).close()
            context = self.window(language, phone=phone)
            come_back(context, self.installation, name, language)
            self.pages[name] = context.new_page()
        return self.pages[name]

    def password(self, name: str) -> str:
        return self.installation.password(name)

    def desk(self, name: str, language: str = "zh-hans") -> Desk:
        """Return the console of somebody without a screen: the same pages, links and forms, nothing drawn."""
        if name not in self.desks:
            self.desks[name] = Desk(self.installation, name, language=language)
        return self.desks[name]

    def refused(self, page: Page) -> None:
        """Take note that the server refused what was typed in this window, which the browser complains of."""
        complaints = next(found for context, found in self.windows if context == page.context)
        assert complaints
        assert all("422" in line for line in complaints), complaints
        complaints.clear()

    def close(self) -> None:
        """Close every window; none may have complained."""
        for context, _complaints in self.windows:
            context.close()
        assert [line for _context, complaints in self.windows for line in complaints] == []


def fits(page: Page) -> bool:
    """Tell whether nothing scrolls sideways once everything is laid out."""
    expect(page.locator("main")).to_be_visible()
    page.wait_for_load_state()
    words = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
    return bool(page.evaluate(words))


def send(page: Page, within: str = "main form") -> None:
    """Press the main button of the form in the middle of the page; it must not come back with a fault."""
    button = page.locator(f"{within} button.btn-primary, {within} button.btn-danger")
    with page.expect_navigation() as answer:
        button.first.click()
    assert answer.value.status < HTTPStatus.BAD_REQUEST, page.locator("main").inner_text()[:1500]


def pdf_text(path: Path | str) -> str:
    """Return the words of a PDF without spaces and line ends."""
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", text)


def says(page: Page, *words: str) -> None:
    """Insist that the middle of the page says these words."""
    for text in words:
        expect(page.locator("main")).to_contain_text(text)
