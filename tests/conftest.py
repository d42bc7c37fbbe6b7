"""Fixtures for the whole suite."""

from __future__ import annotations

import pytest
from tests.fakes.clock import FixedClock

from shoumi.server.ledger.times import clock_replaced


@pytest.fixture
def fixed_clock():
    """The server's clock, standing still until the test says `fixed_clock.advance(...)`."""
    clock = FixedClock()
    with clock_replaced(clock):
        yield clock
