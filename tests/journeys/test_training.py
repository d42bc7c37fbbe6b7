"""A course in a running installation: published, sent by the worker, failed, passed, checked, renewed."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from shoumi.engine.jurisdiction.training import load_training
from tests.journeys.browsing import Browser

pytestmark = pytest.mark.slow

TITLE = "供应商接待保密须知"
PATIENCE_SECONDS = 120
RIGHT = {question.id: question.right for question in load_training("cn").questions}


def published(officer):
    """Return the page of a course that was written and published."""
    page = officer.open("/training/courses/new/")
    entity = page.choices("entity")["Chengguang Precision (Demo) Co. Ltd."]
    page = page.submit("title", {"title": TITLE, "entity": entity})
    version = page.path
    page = officer.open(f"{version}sections/").submit(
        "title", {"title": "接待之前", "kind": "text", "text": "登记来访人员。\n\n收好图纸。"}
    )
    page = officer.open(f"{version}sections/").submit(
        "title",
        {"title": "接待路线", "kind": "pdf"},
        files={"file-plain": ("route.pdf", b"%PDF-1.7\nroute")},
    )
    officer.open(f"{version}test/").submit("draw", {"draw": "5", "tries": "2"})
    return officer.open(f"{version}publish/").submit("expected_version", {})


def sent(officer, course):
    """Start a campaign and wait until the worker has sent it; return its page."""
    page = officer.open("/training/campaigns/new/?entity=CN")
    values = {
        "course": course,
        "title": "接待培训",
        "audience": "all",
        "due_on": (
            datetime.now(UTC).date() + timedelta(days=30)
        ).isoformat(),  # the installation runs on the real clock
    }
    page = page.submit("due_on", values)
    address, deadline = page.path, time.monotonic() + PATIENCE_SECONDS
    while "have passed" not in page.text:
        assert time.monotonic() < deadline, page.text[:500]
        time.sleep(1)
        page = officer.open(address)
    return page


def read_all(learner):
    """See every section of the course; return its page."""
    page = learner.open("/training/")
    address = next(
        href for href in page.document.xpath("//a[contains(., $title)]/@href", title=TITLE) if "learn" in href
    )
    for section in learner.open(address).links("/training/sections/"):
        page = learner.open(section)
        for file in page.links("/file/"):
            assert learner.client.get(file).content.startswith(b"%PDF")
        page.submit("sha256", {})
    return learner.open(address)


def take(learner, page, *, right):
    """Take the test, everything right or everything wrong; return the page of how it went."""
    address = next(
        form.action for form in page.document.forms if form.action and form.action.endswith("/test/")
    )
    page = learner.post(address, {})
    values = {}
    for box in page.document.xpath("//input[starts-with(@name, 'q-')]"):
        chosen = int(box.get("value")) in RIGHT[box.get("name").removeprefix("q-")]
        if chosen == right:
            values.setdefault(box.get("name"), []).append(box.get("value"))
    assert len(values) == 5
    action = next(form.action for form in page.document.forms if form.action and "hand-in" in form.action)
    return learner.post(action, values)


def test_a_course_goes_its_way(installation):
    officer = Browser(installation, "officer", language="en")
    officer.choose_language("en")
    learner = Browser(installation, "employee", language="en")
    learner.choose_language("en")
    course = published(officer)
    campaign = sent(officer, course.path.rstrip("/").rpartition("/")[2])
    assert TITLE in learner.open("/notifications/").text

    page = take(learner, read_all(learner), right=False)
    assert "Not passed" in page.text
    page = take(learner, learner.open(page.links("/training/learn/")[0]), right=True)
    certificate = page.links("/training/certificates/")[0]
    paper = learner.client.get(f"{certificate}certificate-zh.pdf")
    assert paper.content.startswith(b"%PDF")
    digest = learner.open(certificate).document.xpath("//span[contains(@class, 'hash')]")[0].text_content()
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    found = officer.open(f"/training/certificates/check/?digest={digest}")
    assert certificate in found.links("/training/certificates/")
    assert "agrees with what was seen" in officer.open(certificate).text
    assert "1 of" in officer.open(campaign.path).text

    page = officer.open(f"{course.path}new-version/").submit("changes", {"changes": "更新路线"})
    officer.open(f"{page.path}publish/").submit("expected_version", {})
    assert "Ended by a new version" in learner.open(certificate).text
    assert TITLE in learner.open("/training/").text
