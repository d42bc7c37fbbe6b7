"""The API's callers: sessions with their form token, access tokens with their rights, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import path
from ninja import NinjaAPI
from tests.server.accounts.conftest import Browser

from shoumi.server.accounts import services
from shoumi.server.accounts.api import authentication, router
from shoumi.server.ledger.services import clock

api = NinjaAPI(auth=authentication, urls_namespace="accounts-test")
api.add_router("/accounts", router)


@api.get("/secrets/")
def read_secrets(request):
    return {"who": request.user.username}


@api.post("/secrets/")
def write_secret(request):
    return {"who": request.user.username}


urlpatterns = [path("api/v1/", api.urls)]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_this_api():
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE):
        yield


MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


@pytest.fixture
def ann(make_user):
    return make_user("ann")


@pytest.fixture
def token_for(fixed_clock, ann):
    def issue(*rights, days=1):
        expires = clock().now() + timedelta(days=days)
        return services.token_issue(actor=ann, name="x", rights=rights, expires_at=expires)

    return issue


def call(secret, method="get", path="/api/v1/secrets/", **more):
    return getattr(Browser(), method)(path, HTTP_AUTHORIZATION=f"Bearer {secret}", **more).status_code


def test_nobody_gets_in_without_proof(ann):
    assert Browser().get("/api/v1/accounts/me").status_code == 401
    assert Browser().post("/api/v1/secrets/").status_code == 401
    assert call("shoumi_guess") == 401
    assert call("") == 401


@pytest.mark.parametrize(
    ("rights", "read", "write", "elsewhere"),
    [
        (["secrets:read"], 200, 401, 401),
        (["secrets:write"], 200, 200, 401),
        (["*:read"], 200, 401, 200),
        (["people:write"], 401, 401, 401),
    ],
)
def test_a_token_opens_what_its_rights_say(token_for, rights, read, write, elsewhere):
    _token, secret = token_for(*rights)
    assert call(secret) == read
    assert call(secret, "post") == write
    assert call(secret, path="/api/v1/accounts/me") == elsewhere


def test_a_token_ends(token_for, ann, fixed_clock):
    _token, secret = token_for("*:read")
    fixed_clock.advance(timedelta(days=1))
    assert call(secret) == 401
    token, secret = token_for("*:read")
    assert call(secret) == 200
    services.token_revoke(actor=ann, token=token)
    assert call(secret) == 401


def test_a_closed_account_takes_its_tokens_with_it(token_for, ann):
    _token, secret = token_for("*:read")
    services.user_close(actor=None, user=ann)
    assert call(secret) == 401


def test_the_day_of_the_last_use_is_kept(token_for, fixed_clock):
    token, secret = token_for("*:read")
    call(secret)
    token.refresh_from_db()
    assert token.last_used_on == fixed_clock.now().date()


def test_a_token_issues_and_revokes_no_token(token_for):
    token, secret = token_for("*:write")
    body = {"name": "y", "rights": ["*:write"], "expires_at": "2026-03-02T00:00:00Z"}
    assert call(secret, "post", "/api/v1/accounts/tokens", data=body, content_type="application/json") == 401
    assert call(secret, "delete", f"/api/v1/accounts/tokens/{token.pk}") == 401
    assert call(secret, path="/api/v1/accounts/tokens") == 401


def test_a_session_reads_and_with_its_form_token_writes(ann, signed_in):
    browser = signed_in(ann, enforce_csrf_checks=True)
    assert browser.get("/api/v1/accounts/me").json()["username"] == "ann"
    assert browser.post("/api/v1/secrets/").status_code == 403
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post("/api/v1/secrets/", HTTP_X_CSRFTOKEN="a" * 32).status_code == 200


def test_a_session_issues_a_token_that_works(ann, signed_in, fixed_clock):
    browser = signed_in(ann)
    expires = (clock().now() + timedelta(days=7)).isoformat()
    body = {"name": "y", "rights": ["secrets:read"], "expires_at": expires}
    answer = browser.post("/api/v1/accounts/tokens", body, content_type="application/json")
    assert answer.status_code == 201
    assert call(answer.json()["secret"]) == 200
    assert [item["name"] for item in browser.get("/api/v1/accounts/tokens").json()] == ["y"]
    assert browser.delete(f"/api/v1/accounts/tokens/{answer.json()['id']}").status_code == 204
    assert call(answer.json()["secret"]) == 401
    assert browser.get("/api/v1/accounts/me/roles").json() == []
