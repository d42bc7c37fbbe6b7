"""On PostgreSQL every room opens, and what its list leads to; on SQLite the demonstration is walked."""

from __future__ import annotations

import os

import pytest

from tests.journeys.browsing import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="on SQLite the tests of the demonstration company walk further",
    ),
]
DOWNLOADS = ("export", "download", ".pdf", ".zip", ".xlsx")


@pytest.mark.parametrize(("name", "least"), [("officer", 60), ("hr", 25)])
def test_every_room_of_the_navigation_and_the_first_row_of_its_list_open(installation, name, least):
    browser = Browser(installation, name, language="en")
    home = browser.open("/")
    rooms = dict.fromkeys(str(link) for link in home.document.xpath("//*[@id='sidebar']//a/@href"))
    opened = set()
    for room in rooms:
        if not room.startswith("/"):
            continue
        page = browser.open(room)
        opened.add(page.path)
        rows = (str(link) for link in page.document.xpath("//main//table//tbody//a/@href"))
        pages = (row for row in rows if row.startswith("/") and not any(word in row for word in DOWNLOADS))
        first = next(pages, None)
        if first and first not in opened:
            opened.add(first)
            browser.open(first)
    assert len(opened) > least
