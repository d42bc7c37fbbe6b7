"""A list of users to look at, and somebody signed in who looks."""

from __future__ import annotations

import pytest
from django.test import Client

from shoumi.server.accounts.models import FourEyesState, RoleGrant, User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.ledger.services import clock

NAMES = ["Chen Jing", "Li Ming", "Sato Hanako", "Wang Li"]


@pytest.fixture
def reader(db):
    """An HR person of the whole company, who may export."""
    user = User.objects.create_user("reader", display_name="Reader", language="en")
    now = clock().now()
    RoleGrant.objects.create(
        user=user,
        role="hr",
        scope="",
        reason="test",
        requested_at=now,
        starts_at=now,
        state=FourEyesState.APPROVED,
    )
    return user


@pytest.fixture
def crowd(db):
    """A hundred and twenty users, thirty of each name; every seventh is not active."""
    return [
        User.objects.create_user(
            f"user{number:03}",
            display_name=NAMES[number % 4],
            email=f"user{number:03}@example.com",
            language=("zh-hans", "ja", "en")[number % 3],
            is_active=number % 7 != 0,
        )
        for number in range(120)
    ]


@pytest.fixture
def browser(reader):
    """The reader's browser, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    reminder_acknowledge(actor=reader, reminder=reminder_for(reader, "en"))
    return client
