"""Fixtures for the tests of training."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from tests.server.people.conftest import border_open  # noqa: F401 - HR of these tests stands in no country
from tests.server.remembering import founded
from tests.server.training.school import School


@pytest.fixture
def school(db, fixed_clock) -> School:
    """The company of the register's tests with a published course, on 2026-03-01 at 09:00 UTC."""
    return founded(School)


@pytest.fixture
def english():
    """Sentences as they stand in the source."""
    with override("en"):
        yield
