"""The upload widget in a real Chromium: several files, pause, lost lines, keyboard, and no script at all."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect, sync_playwright
from tests.journeys.chromium import PROGRAM
from tests.server.files.bad_line import BadLine
from tests.server.files.conftest import TusClient, acknowledged

from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.services.finishing import finish_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def line(live_server):
    bad_line = BadLine(live_server.thread.port)
    yield bad_line
    bad_line.close()


@pytest.fixture(scope="module")
def chromium():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(chromium, user, line, settings):
    """Open the page signed in; `opened(java_script_enabled=False)` without script."""
    settings.ROOT_URLCONF = "tests.server.files.form_page"
    user.language = "en"
    user.save()
    cookie = TusClient(acknowledged(user)).cookies["sessionid"].value
    address = f"http://localhost:{line.port}/form/"
    contexts = []

    def watch(message) -> None:
        if "Content Security" in message.text:
            contexts[-1].faults.append(message.text)

    def open_page(**options):
        context = chromium.new_context(**options)
        contexts.append(context)
        context.faults = []
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: context.faults.append(str(error)))
        page.on("console", watch)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        assert not context.faults
        context.close()


def row(page, name):
    return page.locator("[data-upload-item]", has_text=name)


def file_of(name, content=b"the recipe", kind="text/plain"):
    return {"name": name, "mimeType": kind, "buffer": content}


def test_several_files_are_stored_while_the_form_is_filled_in(opened, user):
    page = opened()
    page.set_input_files(
        "input[type=file]",
        [file_of("配方.txt"), file_of("drawing.pdf", b"MZ" + bytes(50)), file_of("empty.txt", b"")],
    )
    expect(row(page, "配方.txt")).to_have_attribute("data-state", "ready")
    expect(row(page, "drawing.pdf")).to_contain_text("another kind than the name says")
    expect(row(page, "empty.txt")).to_contain_text("The file is empty")
    expect(page.locator("[data-upload-announcement]")).not_to_be_empty()
    page.get_by_role("button", name="Remove empty.txt").click()
    expect(page.locator("[data-upload-item]")).to_have_count(2)
    page.click("#send")
    assert sorted(page.inner_text("body").splitlines()) == ["drawing.pdf 52 ready", "配方.txt 10 ready"]
    assert StoredFile.objects.filter(owner=user, state=FileState.READY).count() == 2


def test_pause_lost_line_and_continue(opened, line):
    """One MiB and a half: blocked at a third, paused, continued, blocked again, cut, mended."""
    page = opened()
    line.block_after(500_000)
    page.set_input_files("input[type=file]", [file_of("large.bin", os.urandom(1_500_000))])
    one = row(page, "large.bin")
    line.wait_until_blocked()
    expect(one).to_have_attribute("data-state", "uploading")
    expect(one.locator("[data-upload-status]")).to_have_text(re.compile(r"Uploading · .+ / 1\.4 MB"))
    page.click("#send")
    expect(page.get_by_role("alert")).to_contain_text("Wait until all files are stored")
    page.get_by_role("button", name="Pause large.bin").press("Enter")
    expect(one).to_have_attribute("data-state", "paused")
    expect(page.get_by_role("button", name="Continue large.bin")).to_be_focused()
    line.block_after(500_000)
    page.keyboard.press("Enter")
    line.wait_until_blocked()
    expect(one).to_have_attribute("data-state", "uploading")
    page.context.set_offline(True)
    line.cut()
    expect(one).to_have_attribute("data-state", "offline")
    line.mend()
    page.context.set_offline(False)
    expect(one).to_have_attribute("data-state", "ready", timeout=20_000)
    page.click("#send")
    assert page.inner_text("body").strip() == "large.bin 1500000 ready"


def test_a_short_break_goes_by_unnoticed(opened, line):
    page = opened()
    line.block_after(500_000)
    page.set_input_files("input[type=file]", [file_of("large.bin", os.urandom(1_500_000))])
    line.wait_until_blocked()
    line.cut()
    line.mend()
    expect(row(page, "large.bin")).to_have_attribute("data-state", "ready", timeout=20_000)


def test_a_file_that_is_removed_is_gone_from_the_server_too(opened):
    page = opened()
    page.set_input_files("input[type=file]", [file_of("a.txt")])
    expect(row(page, "a.txt")).to_have_attribute("data-state", "ready")
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        page.get_by_role("button", name="Remove a.txt").click()
    assert answer.value.status == 204
    expect(page.locator("input[type=file]")).to_be_focused()
    page.click("#send")
    expect(page.get_by_text("Choose at least one file.")).to_be_visible()


def test_a_large_file_shows_how_far_its_hashing_is(opened, monkeypatch):
    monkeypatch.setattr("shoumi.server.files.services.finishing.AT_ONCE_BYTES", 4)
    page = opened()
    page.set_input_files("input[type=file]", [file_of("large.txt")])
    expect(row(page, "large.txt")).to_contain_text("Received; checking and hashing")
    finish_upload.call(str(StoredFile.objects.get().pk))
    expect(row(page, "large.txt")).to_have_attribute("data-state", "ready")


def test_files_can_be_dropped(opened):
    page = opened()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["the recipe"], "dropped.txt"));
            const how = { dataTransfer: data, bubbles: true, cancelable: true };
            document.querySelector("[data-upload-place]").dispatchEvent(new DragEvent("drop", how));
        }"""
    )
    expect(row(page, "dropped.txt")).to_have_attribute("data-state", "ready")
    page.click("#send")
    assert page.inner_text("body").strip() == "dropped.txt 10 ready"


def test_without_script_the_form_itself_carries_the_files(opened):
    page = opened(java_script_enabled=False)
    page.set_input_files(
        "input[type=file]", [file_of("配方.txt"), file_of("large.bin", os.urandom(3_000_000))]
    )
    page.click("#send")
    assert page.inner_text("body").splitlines() == ["配方.txt 10 ready", "large.bin 3000000 ready"]


def test_the_widget_fits_a_telephone(opened):
    page = opened(viewport={"width": 390, "height": 800})
    page.set_input_files(
        "input[type=file]",
        [file_of("a very long name of a file that has to be broken somewhere 0123456789.txt")],
    )
    expect(row(page, "very long")).to_have_attribute("data-state", "ready")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
