"""A copy that leaks: downloaded by an employee, drawn, cut and compressed, and traced back to that person."""

from __future__ import annotations

import io
import json
import re
import time

import pytest
from PIL import Image

from tests.fakes.pages import after, crop, jpeg, png, rendered
from tests.journeys.browsing import Browser, Page
from tests.journeys.chromium import WHOLE, chromium

pytestmark = [pytest.mark.slow, pytest.mark.any_database]

EMPLOYEE = "凌子墨"
LEAKS = {
    ".pdf": lambda content: after(jpeg(50), crop(0.25))(rendered(content, 130).convert("L")),
    ".png": lambda content: after(jpeg(50), crop(0.5))(Image.open(io.BytesIO(content)).convert("L")),
}


def downloads(reader: Browser) -> dict[str, tuple[str, bytes]]:
    """Return, for one PDF and one PNG that the reader may open, the address of its secret and the copy."""
    found: dict[str, tuple[str, bytes]] = {}
    listed = reader.open("/register/?state=registered&sort=number").links("/register/secrets/")
    for secret in dict.fromkeys(listed):
        links = reader.open(f"{secret}files/").document.xpath('//a[contains(@href, "/files/")][svg]')
        for link in links:
            kind = link.text_content().strip()[-4:]
            if kind in LEAKS and kind not in found:
                answer = reader.client.get(link.get("href"))
                assert answer.status_code == 200, link.get("href")
                found[kind] = (secret, answer.content)
        if len(found) == len(LEAKS):
            break
    return found


def ended(reader: Browser, path: str) -> Page:
    """Return the page of a look-up once the worker has ended it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        page = reader.open(path)
        if 'hx-trigger="every 2s"' not in page.response.text:
            return page
        time.sleep(0.5)
    raise AssertionError(page.text)


@pytest.mark.requirement("CPU-16", "VEN-03")
def test_a_leaked_page_leads_to_whoever_downloaded_it(installation, tmp_path):
    employee = Browser(installation, "employee", language="zh-hans")
    officer = Browser(installation, "officer", language="zh-hans")
    copies = downloads(employee)
    assert set(copies) == set(LEAKS)
    for kind, (secret, content) in copies.items():
        leak = tmp_path / f"leak{kind}.png"
        leak.write_bytes(png(LEAKS[kind](content)))
        told = installation.run("trace", str(leak))
        assert told.returncode == 0, told.stdout + told.stderr
        number = re.search(r"copy ([0-9a-f]{12})", told.stdout)[1]
        page = officer.open("/register/copies/").submit(
            "purpose", {"purpose": "在论坛上发现"}, files={"file-plain": ("论坛.png", leak.read_bytes())}
        )
        result = ended(officer, page.path)
        assert number in result.text
        assert EMPLOYEE in result.text
        assert secret in result.links("/register/secrets/")
        assert number in officer.open(f"{secret}copies/").text
        employee.open(page.path, status=404)
        employee.open(f"{secret}copies/", status=403)


def viewed(browser, path) -> bytes:
    """Return the screenshot of a file that Chromium shows, once it no longer changes."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    before, same = b"", 0
    while same < 3:  # its reader of PDFs says nothing when it has drawn a page
        page.wait_for_timeout(150)
        shot = page.screenshot()
        before, same = shot, same + 1 if shot == before else 0
    page.close()
    return before


@pytest.mark.browser
def test_a_screenshot_of_a_copy_that_chromium_shows_leads_to_its_reader(playwright, installation, tmp_path):
    copies = downloads(Browser(installation, "employee", language="zh-hans"))
    officer = Browser(installation, "officer", language="zh-hans")
    shots = []
    with chromium(playwright, program=WHOLE) as browser:
        for kind, (_, content) in copies.items():
            (tmp_path / f"copy{kind}").write_bytes(content)
            shots.append(tmp_path / f"shot{kind}.png")
            shots[-1].write_bytes(viewed(browser, tmp_path / f"copy{kind}"))
    told = installation.run("trace", "--json", *map(str, shots))
    assert told.returncode == 0, told.stdout + told.stderr
    for (secret, _), file in zip(copies.values(), json.loads(told.stdout)["files"], strict=True):
        (found,) = file["found"]
        assert found["how"] == "read"
        issued = officer.open(f"{secret}copies/").text
        assert found["copy_id"] in issued
        assert EMPLOYEE in issued
