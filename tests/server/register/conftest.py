"""Fixtures for the tests of the register."""

from __future__ import annotations

import pytest
from tests.server.register.company import Register
from tests.server.remembering import founded


@pytest.fixture
def company(db, fixed_clock) -> Register:
    """A company with everybody whom a secret meets on its way, on 2026-03-01 at 09:00 UTC."""
    return founded(Register)
