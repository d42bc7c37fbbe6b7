"""One running installation with the demonstration company, and one browser, for all journeys of a process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.journeys.chromium import chromium
from tests.journeys.installation import Installation, fresh_database, running
from tests.journeys.stage import Stage


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Iterator[Installation]:
    with (
        fresh_database(os.environ.get("DATABASE_URL", "")) as database_url,
        running(tmp_path_factory.mktemp("installation"), database_url=database_url) as started,
    ):
        yield started


@pytest.fixture(scope="package")  # no longer: while it runs, Django refuses to reach the database
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright) -> Iterator[Browser]:
    with chromium(playwright) as started:
        yield started


@pytest.fixture
def stage(browser, installation) -> Iterator[Stage]:
    """Windows for the persons of a journey; at the end none may have complained."""
    opened = Stage(browser, installation)
    yield opened
    opened.close()
