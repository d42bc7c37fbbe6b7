"""Fixtures for the tests of assurance."""

from __future__ import annotations

import io

import pytest
from django.utils.translation import override
from tests.server.register.company import Register
from tests.server.remembering import founded

from shoumi.server.files.services import file_store


@pytest.fixture
def company(db, fixed_clock) -> Register:
    """The company of the register's tests, on 2026-03-01 at 09:00 UTC."""
    return founded(Register)


@pytest.fixture
def paper(company):
    """Return a function that stores a small file of the officer's."""

    def store(name: str = "记录.pdf", content: bytes = b"%PDF-1.7 signed"):
        return file_store(actor=company.officer, name=name, chunks=io.BytesIO(content))

    return store


@pytest.fixture
def english():
    """Sentences as they stand in the source."""
    with override("en"):
        yield
