"""Drawing a zone in a real Chromium: by mouse, and without a pointer by the table."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright
from tests.journeys.chromium import PROGRAM
from tests.server.places.company import Premises, picture
from tests.server.register.company import signed_in

from shoumi.server.places.services.plans import plan_add

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def drawing(live_server, fixed_clock):
    """The page on which the plan of a floor is drawn, open for the secrecy office, and the plan."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    company = Premises()
    officer = company.officer
    officer.language = "en"
    officer.save()
    plan = plan_add(
        actor=officer, entity=company.cn, site="总部", building="", floor="1",
        picture=picture(officer, size=(1000, 600)),
    )  # fmt: skip
    cookie = signed_in(Client(), officer).cookies["sessionid"].value
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(live_server.url + reverse("places:plan_draw", args=[plan.pk]))
        yield page, plan, company
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    assert not faults


def click(page, across, down):
    """Click at a place of the picture, in shares of its width and height."""
    box = page.locator("[data-canvas]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def near(points, wanted):
    return all(
        abs(found - expected) < 100
        for point, goal in zip(points, wanted, strict=True)
        for found, expected in zip(point, goal, strict=True)
    )


def test_a_zone_is_drawn_by_mouse_and_another_by_keyboard_alone(drawing):
    page, plan, company = drawing
    page.select_option("[data-zone]", str(company.secret.pk))
    for across, down in ((0.1, 0.1), (0.5, 0.1), (0.5, 0.6), (0.2, 0.7)):
        click(page, across, down)
    expect(page.locator("[data-corners] tr")).to_have_count(4)
    box = page.locator("[data-canvas]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.7)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.6, steps=3)
    page.mouse.up()
    expect(page.locator("[data-corners] tr")).to_have_count(4)  # dragging adds no corner

    page.locator("[data-zone]").focus()
    page.select_option("[data-zone]", str(company.desks.pk))
    page.locator("[data-add]").focus()
    for across, down in (("60", "10"), ("90", "10"), ("90", "90")):
        page.keyboard.press("Enter")
        for number in (across, down):
            page.keyboard.press("Control+A")
            page.keyboard.type(number)
            page.keyboard.press("Tab")
        page.locator("[data-add]").focus()
    page.locator("form[data-drawing] button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{plan.get_absolute_url()}")

    outlines = {row.zone_id: row.points for row in plan.outlines.all()}
    assert near(outlines[company.secret.pk], [(1000, 1000), (5000, 1000), (5000, 6000), (1000, 6000)])
    assert outlines[company.desks.pk] == [[6000, 1000], [9000, 1000], [9000, 9000]]
    expect(page.locator(".zone-shape")).to_have_count(2)
