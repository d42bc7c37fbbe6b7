"""Every room in a real Chromium under axe: WCAG 2.2 AA, wide and narrow, light and dark, in three languages.

Also here: nothing scrolls sideways at 390 px, and nothing on the console complains.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.chromium import LOCALES, complaints_of, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text(
    encoding="utf-8"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROOMS = [
    "/",
    "/search/?q=CN",
    "/register/",
    "/register/propose/",
    "/register/library/",
    "/register/operations/",
    "/register/operations/new/",
    "/register/operations/calendar/",
    "/register/third-parties/",
    "/register/defaults/",
    "/approvals/",
    "/approvals/delegations/",
    "/people/persons/",
    "/people/organisation/",
    "/mine/",
    "/calendar/",
    "/concern/office/",
    "/lifecycle/",
    "/lifecycle/mine/",
    "/agreements/coverage/",
    "/agreements/non-compete/",
    "/training/plan/",
    "/privacy/register/",
    "/privacy/breaches/",
    "/partners/",
    "/partners/outsourcings/",
    "/assurance/",
    "/assurance/scores/",
    "/assurance/scores/weights/",
    "/assurance/measures/",
    "/assurance/measures/leavers/",
    "/assurance/measures/new/for/",
    "/assurance/risks/",
    "/assurance/risks/new/what/",
    "/assurance/risks/import/",
    "/assurance/self-inspection/",
    "/ledger/",
    "/ledger/integrity/",
    "/notifications/",
    "/settings/profile/",
    "/settings/jobs/",
    "/settings/configuration/",
    "/accounts/security/",
    "/accounts/roles/",
    "/account/factors/",
]
FIRST_OF = [
    "/register/",
    "/register/operations/?out=1",
    "/approvals/",
    "/people/persons/",
    "/lifecycle/",
    "/privacy/breaches/",
    "/partners/",
    "/ledger/",
]  # the page behind their first row, too
TABS = ["files/", "people/", "use/", "timeline/", "evidence/"]
LOOKS = {
    "zh-hans": ({"width": 1440, "height": 900}, "light"),
    "ja": ({"width": 390, "height": 844}, "dark"),
    "en": ({"width": 390, "height": 844}, "light"),
}


# everything at full width; the narrow screens share two thirds of the rooms, as pages are of one make, and
# look at the contrasts of both colour schemes, which one style sheet gives to all
SHARES = {"zh-hans": slice(None), "ja": slice(0, None, 3), "en": slice(1, None, 3)}


def violations(page, *, framed=False, contrasts=True):
    """Return what axe finds, one line each; `framed` leaves out the navigation, which every room repeats."""
    page.evaluate(AXE)
    options = {
        "runOnly": RULES,
        "resultTypes": ["violations"],
        "preload": False,  # no rule of these reads style sheets
        "rules": {"color-contrast": {"enabled": contrasts}},
    }
    where = {"include": [["html"]], "exclude": [["#sidebar"]]} if framed else {"include": [["html"]]}
    found = page.evaluate("([where, options]) => axe.run(where, options)", [where, options])["violations"]
    return [f"{page.url} {item['id']}: {item['nodes'][0]['html'][:200]}" for item in found]


def first_row(page, room):
    """Return the address behind the first row of a list."""
    page.goto(room)
    link = page.locator("main table tbody a[href^='/']").first
    return link.get_attribute("href") if link.count() else None


@pytest.mark.parametrize("language", LOOKS)
def test_every_room_can_be_used_by_everybody(browser, installation, language):
    size, colours = LOOKS[language]
    faults = []
    context = browser.new_context(
        locale=LOCALES[language], base_url=installation.url, viewport=size, color_scheme=colours
    )
    context.set_default_timeout(20_000)
    complaints = complaints_of(context)
    page = signed_in(context, installation, "officer", language)
    behind = [address for room in FIRST_OF if (address := first_row(page, room))]
    secret = next(address for address in behind if address.startswith("/register/secrets/"))
    rooms = [*ROOMS, *behind, *(secret + tab for tab in TABS)]
    for place, address in enumerate(rooms[SHARES[language]]):
        page.goto(address)
        faults += violations(page, framed=place > 0, contrasts=size["width"] < 1000)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            faults.append(f"{address} scrolls sideways at {size['width']} px")
    context.clear_cookies()
    for address in ("/account/login/", "/account/password/reset/"):
        page.goto(address)
        faults += violations(page)
    context.close()
    assert faults == []
    assert complaints == []


def test_the_console_is_worked_with_the_keyboard_alone(browser, installation):
    context = browser.new_context(locale="en-US", base_url=installation.url)
    context.set_default_timeout(20_000)
    page = signed_in(context, installation, "officer", "en")
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "frame-q"
    page.keyboard.type("CN-2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=CN-2026")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".frame-head [data-bs-target='#sidebar']").focus()
    page.keyboard.press("Enter")
    page.locator("#sidebar.show").wait_for()
    page.keyboard.press("Escape")
    page.locator(".frame-head [data-bs-target='#sidebar']:focus").wait_for()  # back where it was
    context.close()
