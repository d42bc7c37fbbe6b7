"""A lesson on video: filmed by Chromium itself, put into a course, and played to its end on a telephone."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import expect

from tests.journeys.chromium import follow
from tests.journeys.stage import fits, says

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE, LESSON = "看得见的保密", "下班前的三件事"
FILM = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 48});
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), {mimeType: "video/mp4"});
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const over = new Promise((done) => { recorder.onstop = done; });
  recorder.start();
  for (let frame = 0; frame < 16; frame += 1) {
    pen.fillStyle = `hsl(${frame * 20}, 80%, 50%)`;
    pen.fillRect(0, 0, 64, 48);
    await new Promise((next) => setTimeout(next, 50));
  }
  recorder.stop();
  await over;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""

KNOWN = """video => video.readyState > 0 || new Promise((done) => {
  video.addEventListener("loadedmetadata", () => done(true), {once: true});
})"""


def filmed(stage):
    """Return a video that nobody else made: coloured frames, as MP4."""
    page = stage.window("zh-hans").new_page()
    return base64.b64decode(page.evaluate(FILM))


@pytest.mark.requirement("SRV-02")
def test_a_video_is_played_to_its_end_and_counted(stage):
    officer = stage.desk("officer")
    page = officer.open("/training/courses/new/")
    page = page.submit(
        "title", {"title": TITLE, "entity": page.chosen("entity", "澄光精密（示范）有限公司")[0]}
    )
    version = page.path
    film = {"file-plain": ("lesson.mp4", filmed(stage))}
    page = officer.open(f"{version}sections/").submit("title", {"title": LESSON, "kind": "video"}, files=film)
    page = officer.open(f"{version}publish/").submit("expected_version", {})
    assert "版本已发布" in page.text

    phone = stage.at("employee", phone=True)
    phone.goto("/training/")
    phone.locator("main a", has_text=TITLE).first.click()
    follow(phone.locator("main a", has_text=LESSON))
    assert fits(phone)
    phone.locator("[data-watched-next]").click()
    says(phone, "视频尚未全部播放。")  # nobody has seen what was not played
    share = phone.locator("[data-watched-share]")
    expect(share).to_have_attribute("value", "0")
    phone.locator("video").evaluate(KNOWN)  # only then its play button can be pressed
    with phone.expect_response(lambda answer: "/watched/" in answer.url) as told:
        phone.locator("video").click()
    assert told.value.json()["done"], told.value.json()
    expect(share).to_have_attribute("value", "100")
    phone.locator("[data-watched-next]").click()
    expect(phone.locator("main .lesson-list li", has_text=LESSON)).to_contain_text("已学")
