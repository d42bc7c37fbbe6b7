"""Fixtures for the tests of documents."""

from __future__ import annotations

import pytest
from tests.server.register.company import Register
from tests.server.remembering import founded


@pytest.fixture
def company(db, fixed_clock, settings, tmp_path) -> Register:
    """The company of the register's tests, with indexes and a share of its own."""
    settings.SHOUMI_INDEXES_DIRECTORY = tmp_path / "indexes"
    share = tmp_path / "share"
    share.mkdir()
    settings.SHOUMI_SCAN_SHARES = {"公共盘": share}
    return founded(Register)


@pytest.fixture
def share(company, settings):
    """The folder that scans may read."""
    return settings.SHOUMI_SCAN_SHARES["公共盘"]
