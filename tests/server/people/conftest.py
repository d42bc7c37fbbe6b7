"""Fixtures for the tests of people."""

from __future__ import annotations

import pytest
from tests.server.people.company import Company


@pytest.fixture
def company(db, fixed_clock) -> Company:
    """A small company in two countries, on 2026-03-01 at 09:00 UTC."""
    return Company()
