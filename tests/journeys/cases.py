"""What people do in the case of somebody who joins or leaves: on its pages, by the links and forms there.

Whoever works at a desk is a browser without a screen, and whoever holds a telephone a window of Chromium;
both see the same pages.  Steps are found by the words of the pack in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.journeys.browsing import Browser, Page
from tests.journeys.stage import Stage, send

ACTIONS = ".page-head-actions"
ACCESS = dict.fromkeys(("domain", "application", "network", "messenger", "door", "keys"), "settled")
DETECTORS = dict.fromkeys(("OFF-04", *(f"OFF-04{letter}" for letter in "abcdefg")), "settled")
PROOF = {"files-plain": ("记录.txt", "已办理。".encode())}


def choose(window: Window, name: str, *people: str) -> None:
    """Choose people in a list on the screen by the beginning of their label."""
    options = window.locator(f"select[name={name}] option")
    values = [options.filter(has_text=each).first.get_attribute("value") for each in people]
    window.select_option(f"select[name={name}]", [value for value in values if value])


@dataclass
class Case:
    """One case."""

    stage: Stage
    home: str = ""  # its address, once it is open
    steps: dict[str, str] = field(default_factory=dict)  # title → address

    def open(
        self, desk: Browser, kind: str, person: str, days: Mapping[str, str], facts: Mapping[str, str]
    ) -> None:
        """Open the case, as HR does."""
        page = desk.open("/lifecycle/").follow(address="/lifecycle/new/")
        page = page.submit("person", {"kind": kind, "person": page.chosen("person", person)[0]})
        page = page.submit(next(iter(days)), days)
        self.opened(page.submit(next(iter(facts)), facts))

    def open_on_screen(
        self, window: Window, kind: str, person: str, days: Mapping[str, str], facts: Mapping[str, str]
    ) -> None:
        """Open the case on the screen; the page of the case stands there afterwards."""
        window.goto("/lifecycle/")
        window.locator(f'{ACTIONS} a[href="/lifecycle/new/"]').click()
        window.select_option("select[name=kind]", kind)
        choose(window, "person", person)
        send(window)
        for name, value in days.items():
            window.fill(f"input[name={name}]", value)
        send(window)
        for name, value in facts.items():
            window.select_option(f"select[name={name}]", value)
        send(window)
        self.home = urlsplit(window.url).path

    def opened(self, page: Page) -> None:
        """Take note of where the steps are, as those are told whose they are."""
        self.home = page.path
        rows = page.document.xpath('//main//*[contains(@class, "stage-title")]/following-sibling::a')
        for row in rows:
            title = " ".join(row.xpath('.//*[@class="work-row-title"]')[0].text_content().split())
            self.steps.setdefault(title, row.get("href"))

    def name(self, desk: Browser, party: str, person: str) -> Page:
        """Name who has a part, by the link beside it."""
        page = desk.open(self.home)
        link = next(each for each in page.links("/party/") if each.endswith(f"?party={party}"))
        page = desk.open(link)
        return page.submit("person", {"person": page.chosen("person", person)[0]})

    def step(self, desk: Browser, title: str) -> Page:
        """Open the page of a step, by the link that came with the notice of it."""
        if title not in self.steps:
            self.opened(desk.open(self.home))
        return desk.open(self.steps[title])

    def record(self, desk: Browser, title: str, note: str, **more: object) -> Page:
        """Record what was done in a step."""
        return self.told(self.step(desk, title).follow(address="/record/"), note, **more)

    def told(self, page: Page, note: str, *, together: Sequence[str] = (), proof: bool = False) -> Page:
        """Fill in what was done, and who was there, and send it."""
        values: dict[str, str | list[str]] = {"note": note}
        if together:
            values["companions"] = page.chosen("companions", *together)
        return page.submit("note", values, files=PROOF if proof else None)

    def items(
        self,
        desk: Browser,
        title: str,
        states: Mapping[str, str],
        note: str,
        *,
        moment: str = "",
        **more: object,
    ) -> Page:
        """Record a list item by item, with `moment` where time is measured."""
        page = self.step(desk, title).follow(address="/record/")
        values = {f"item-{name}": state for name, state in states.items()}
        if moment:
            values |= {f"time-{name}": moment for name in states}
        return self.told(page.submit(f"item-{next(iter(states))}", values), note, **more)

    def confirm(self, desk: Browser, title: str) -> Page:
        """Confirm as somebody who was there that it was so."""
        page = self.step(desk, title)
        link = page.links("/lifecycle/confirm/")[0]
        return desk.open(link).submit("agreed", {"agreed": "yes"})

    def sign(self, desk: Browser, name: str, title: str) -> Page:
        """Sign with the password."""
        page = self.step(desk, title).follow(address="/sign/")
        return page.submit("password", {"password": self.stage.password(name)})

    def sign_on_screen(self, window: Window, name: str, title: str) -> None:
        """Sign with the password on the screen, coming from what waits for oneself."""
        window.goto("/mine/")
        window.locator('main a[href="/lifecycle/mine/"]').first.click()
        window.locator("main tbody a", has_text=title).first.click()
        expect(window.locator("h1")).to_have_text(title)
        window.locator(f'{ACTIONS} a[href$="/sign/"]').click()
        window.fill("input[name=password]", self.stage.password(name))
        send(window)
