"""Sentences in these tests are English, whatever the catalogues say."""

from __future__ import annotations

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield
