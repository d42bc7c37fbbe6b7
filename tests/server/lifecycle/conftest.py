"""Fixtures for the tests of cases of people."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from tests.server.lifecycle.company import Staff
from tests.server.remembering import founded


@pytest.fixture
def company(db, fixed_clock) -> Staff:
    """A company with everybody whom a case needs, on 2026-03-01 at 09:00 UTC."""
    return founded(Staff)


@pytest.fixture
def english():
    """Sentences as they stand in the source."""
    with override("en"):
        yield
