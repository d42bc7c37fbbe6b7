"""People of a company of one, and the browsers in which they sit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from shoumi.server.accounts.models import FourEyesState, RoleGrant, User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.ledger.services import clock


@pytest.fixture
def person(db):
    """Make a user who holds the roles named."""

    def make(username="somebody", *roles, **fields):
        user = User.objects.create_user(
            username, display_name=username.title(), **{"language": "en", **fields}
        )
        now = clock().now()
        for role in roles:
            counsel = (
                {"scope": "case:1", "ends_at": now + timedelta(days=9)} if role == "outside_counsel" else {}
            )
            RoleGrant.objects.create(
                **counsel,
                user=user,
                role=role,
                reason="test",
                requested_at=now,
                starts_at=now,
                state=FourEyesState.APPROVED,
            )
        for language in ("en", "ja", "zh-hans"):
            reminder_acknowledge(actor=user, reminder=reminder_for(user, language))
        return user

    return make


@pytest.fixture
def browser_of():
    """Return a browser in which the user is signed in, reading `language`."""

    def make(user, language="en", **more):
        client = Client(headers={"accept-language": language}, **more)
        client.cookies["django_language"] = language
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make
