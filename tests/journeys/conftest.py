"""One running installation with the demonstration company for all journeys of a test process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation, fresh_database, running


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Iterator[Installation]:
    with (
        fresh_database(os.environ.get("DATABASE_URL", "")) as database_url,
        running(tmp_path_factory.mktemp("installation"), database_url=database_url) as started,
    ):
        yield started
