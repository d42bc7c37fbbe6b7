"""An inventory counted in a real Chromium whose camera sees the QR code of a label, and with the line cut."""

from __future__ import annotations

import io
import re

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.chromium import WHOLE, chromium, complaints_of, follow, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FRAMES = 30
CARRIER_ADDRESS = re.compile(r"/register/carriers/[0-9a-f-]{36}/\Z")


def camera_file(path, text):
    """Write what the camera shall see: a QR code of `text` on a grey desk, as motion JPEG."""
    code = io.BytesIO()
    segno.make(text, error="m").save(code, kind="png", scale=6, border=4)
    desk = Image.new("RGB", (640, 480), (120, 120, 120))
    label = Image.open(code).convert("RGB")
    desk.paste(label, ((640 - label.width) // 2, (480 - label.height) // 2))
    frame = io.BytesIO()
    desk.save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * FRAMES)
    return path


@pytest.fixture
def camera(playwright, tmp_path, installation):
    """Yield a window whose camera shows whatever file `camera.mjpeg` holds when it starts."""
    arguments = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'camera.mjpeg'}",
    ]
    with chromium(playwright, *arguments, program=WHOLE) as browser:
        context = browser.new_context(locale="zh-CN", base_url=installation.url)
        context.set_default_timeout(15_000)
        context.grant_permissions(["camera"])
        yield context


def test_a_label_before_the_camera_is_counted_and_a_cut_line_loses_nothing(camera, installation, tmp_path):
    complaints = complaints_of(camera)
    page = signed_in(camera, installation, "owner", "zh-hans")
    page.goto("/register/inventories/")
    follow(page.locator("#list-results tbody a[href^='/register/inventories/']"))
    rows = page.locator("main table.table-cards tbody tr").evaluate_all(
        "rows => rows.map(row => [row.querySelector('.mono').textContent, row.lastElementChild.textContent])"
    )
    number = next(number.strip() for number, scanned in rows if not re.search(r"\d", scanned))
    page.goto(f"/register/carriers/?q={number}")
    links = page.locator("#list-results a").evaluate_all(
        "links => links.map(one => one.getAttribute('href'))"
    )
    addresses = [link for link in links if CARRIER_ADDRESS.search(link or "")]
    address = addresses[0]
    camera_file(tmp_path / "camera.mjpeg", installation.url + address)
    page.goto("/register/inventories/")
    follow(page.locator("#list-results tbody a[href^='/register/inventories/']"))
    follow(page.locator("a[href$='/scan/']"))
    scanned = int(page.locator("[data-scanned]").inner_text())
    page.locator("[data-start]").click()
    expect(page.locator("[data-log] li").first).to_contain_text("已找到")
    expect(page.locator("[data-scanned]")).to_have_text(str(scanned + 1))
    expect(page.locator("[data-queued]")).to_have_text("0")
    page.locator("[data-stop]").click()
    assert complaints == []

    camera.set_offline(True)
    page.fill("[data-code]", "no such number")
    page.press("[data-code]", "Enter")
    expect(page.locator("[data-queued]")).to_have_text("1")
    camera.set_offline(False)
    expect(page.locator("[data-queued]")).to_have_text("0")
    expect(page.locator("[data-log] li").first).to_contain_text("未知代码")
