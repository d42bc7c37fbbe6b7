"""Fixtures for the tests of jurisdictions."""

from __future__ import annotations

from functools import cache
from unittest.mock import patch

import pytest

from shoumi.engine.jurisdiction import reading


@pytest.fixture(scope="session", autouse=True)
def _the_same_text_is_taken_apart_once():
    """Keep what YAML makes of a text: many tests read a whole pack of which they changed one file."""
    with patch.object(reading.yaml, "compose", cache(reading.yaml.compose)):
        yield
