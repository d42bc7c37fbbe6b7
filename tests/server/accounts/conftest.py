"""Users, sign-ins and grants for the tests of the accounts app alone, without `people`."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.http import urlencode

from shoumi.engine.policy import Role
from shoumi.server.accounts import services
from shoumi.server.accounts.queries import reminder_for

PASSWORD = "correct horse battery staple"


class Browser(Client):
    """Sends forms as browsers do that hold no file, and reads English."""

    def __init__(self, **defaults):
        super().__init__(**{"HTTP_ACCEPT_LANGUAGE": "en", **defaults})

    def post(self, path, data=None, content_type="application/x-www-form-urlencoded", **more):
        if content_type == "application/x-www-form-urlencoded":
            data = urlencode(data or {}, doseq=True)
        return super().post(path, data, content_type=content_type, **more)


@pytest.fixture(autouse=True)
def _accounts_alone(settings):
    """Know roles by grants only, and forget who tried how often in another test."""
    settings.SHOUMI_SUBJECT_LOADER = ""
    settings.SHOUMI_PLACES_LOADER = ""
    settings.SHOUMI_SCOPES_LOADER = ""
    settings.SHOUMI_PACK_LOADER = ""
    cache.clear()


@pytest.fixture
def make_user(db):
    """Make a user who can sign in with `PASSWORD`."""

    def make(username, **fields):
        fields.setdefault("email", f"{username}@example.com")
        return services.user_open(
            actor=None,
            username=username,
            display_name=username.title(),
            password=PASSWORD,
            language="en",
            **fields,
        )

    return make


@pytest.fixture
def founders(make_user):
    """The first secrecy officer and the first leader."""
    officer, leader = make_user("officer"), make_user("leader")
    services.installation_found(officer=officer, leader=leader)
    return officer, leader


@pytest.fixture
def holder_of(make_user, founders):
    """Make a user who holds a role, granted by four eyes."""

    def make(role: Role, scope="", username=None, **grant):
        user = make_user(username or str(role))
        officer, leader = founders
        services.role_granted_by_two(
            requester=officer, approver=leader, user=user, role=role, scope=scope, reason="test", **grant
        )
        return user

    return make


@pytest.fixture
def signed_in():
    """Return a browser in which the user is signed in and has acknowledged the reminder."""

    def make(user, *, acknowledged=True, **client):
        browser = Browser(**client)
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if acknowledged:
            services.reminder_acknowledge(actor=user, reminder=reminder_for(user, user.language))
        return browser

    return make
