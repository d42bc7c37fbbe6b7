"""A real SCIM client, signed in by an access token, against the application as a server runs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from tests.server.lifecycle.company import Staff
from tests.server.provisioning.client import client_of
from tests.server.remembering import founded

from shoumi.server.accounts.services import token_issue
from shoumi.server.ledger.services import clock

WHOLE_RIGHTS = ("scim:write",)


@pytest.fixture
def company(db, fixed_clock) -> Staff:
    """A company with everybody whom a case needs, on 2026-03-01 at 09:00 UTC."""
    return founded(Staff)


@pytest.fixture
def secret_of():
    """Return the text of a new access token."""

    def make(user, *rights):
        expires = clock().now() + timedelta(days=30)
        return token_issue(actor=user, name="idp", rights=rights or WHOLE_RIGHTS, expires_at=expires)[1]

    return make


@pytest.fixture
def connection_kept():
    """Keep the test's connection open over requests, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def scim(company, secret_of, connection_kept):
    """Return a client for whoever is given, HR otherwise."""
    application = get_wsgi_application()

    def make(user=None, *rights, code="SM"):
        token = secret_of(user or company.people_office, *rights)
        return client_of(application, f"http://localhost/scim/v2/{code}", token)

    return make
