"""Fixtures for the tests of meetings."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from tests.server.places.company import Premises
from tests.server.remembering import founded


@pytest.fixture
def company(db, fixed_clock) -> Premises:
    """A company with its premises, on 2026-03-01 at 09:00 UTC."""
    return founded(Premises)


@pytest.fixture
def english():
    """Sentences as they stand in the source."""
    with override("en"):
        yield
