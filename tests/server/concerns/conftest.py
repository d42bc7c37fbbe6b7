"""Fixtures for the tests of concerns."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from tests.server.register.company import Register, signed_in
from tests.server.remembering import founded

from shoumi.server.concerns.services.reporting import Report, concern_report


class Heard(Register):
    """The company of the register tests, in which something is reported."""

    def reports(self, *, by=None, **changes):
        """Return what somebody reported, with the passphrase."""
        known = {"entity": self.cn, "kind": "leak", "text": "有人把配方拍了照。"}
        return concern_report(report=Report(**(known | changes)), reporter=by)


@pytest.fixture
def company(db, fixed_clock):
    """A company, on 2026-03-01 at 09:00 UTC, in whose last hour nobody reported anything."""
    made = founded(Heard)
    cache.clear()
    return made


@pytest.fixture
def browser():
    """Sign somebody in, reading English."""

    def make(user=None, **headers):
        client = Client(headers={"accept-language": "en"}, **headers)
        client.cookies["django_language"] = "en"
        return signed_in(client, user) if user else client

    return make
