"""Fixtures for the tests of the privacy app."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.privacy.company import Watched
from tests.server.register.company import signed_in
from tests.server.remembering import founded


@pytest.fixture
def company(db, fixed_clock) -> Watched:
    """A company with everybody whom the privacy app needs, on 2026-03-01 at 09:00 UTC."""
    return founded(Watched)


@pytest.fixture
def browser():
    """Sign somebody in, reading English."""

    def make(user):
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        return signed_in(client, user)

    return make
