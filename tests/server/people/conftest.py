"""Fixtures for the tests of people."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from tests.server.people.company import Company
from tests.server.remembering import founded

from shoumi.server.people import border
from shoumi.server.people.models import LegalEntity


@pytest.fixture(autouse=True)
def border_open(monkeypatch):
    """There is a basis for everything: the border has tests of its own beside the bases, in privacy."""
    grounds = lambda _country: frozenset(LegalEntity.objects.values_list("pk", flat=True))  # noqa: E731
    monkeypatch.setattr(border, "_grounds", [grounds])


@pytest.fixture
def company(db, fixed_clock) -> Company:
    """A small company in two countries, on 2026-03-01 at 09:00 UTC."""
    return founded(Company)


@pytest.fixture
def english():
    """Sentences as they stand in the source."""
    with override("en"):
        yield
