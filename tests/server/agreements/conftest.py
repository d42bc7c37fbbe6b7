"""Fixtures for the tests of agreements."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from tests.server.agreements.company import Agreed
from tests.server.remembering import founded


@pytest.fixture
def company(db, fixed_clock) -> Agreed:
    """A company on 2026-03-01 at 09:00 UTC."""
    return founded(Agreed)


@pytest.fixture
def english():
    """Sentences as they stand in the source."""
    with override("en"):
        yield
