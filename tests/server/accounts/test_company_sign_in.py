"""Signing in with the company's own service: who exists comes in, and nobody else."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.fakes.oidc import OIDCProvider, callback
from tests.server.accounts.conftest import Browser

from shoumi.server.accounts import services
from shoumi.server.accounts.models import User
from shoumi.server.project.config import Config, oidc_apps, oidc_origins

pytestmark = pytest.mark.any_database  # about tokens of another service

START = "/account/oidc/company/login/"
BACK = "/account/oidc/company/login/callback/"


@pytest.fixture
def provider(settings):
    running = OIDCProvider()
    config = Config(
        oidc_url=running.url, oidc_name="Company", oidc_client_id="shoumi", oidc_client_secret="s"
    )
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": oidc_apps(config), "OAUTH_PKCE_ENABLED": True}
    }
    yield running
    running.close()


@pytest.fixture
def ann(make_user):
    return make_user("ann")


def sign_in(provider, browser=None, **changed):
    browser = browser or Browser()
    sent = browser.post(START)
    assert sent["Location"].startswith(f"{provider.url}/authorize")
    returned = provider.authorize(sent["Location"]) | changed
    return browser, browser.get(callback(BACK, returned))


def signed_in_as(browser):
    return browser.session.get("_auth_user_id")


def test_who_exists_comes_in(ann, provider):
    page = Browser().get("/account/login/").content.decode()
    assert "Sign in with Company" in page
    for _ in range(2):
        browser, answer = sign_in(provider)
        assert answer.status_code == 302
        assert signed_in_as(browser) == str(ann.pk)


def test_who_does_not_exist_gets_no_account(ann, provider):
    provider.person |= {"sub": "2", "email": "eve@example.com"}
    browser, answer = sign_in(provider)
    assert signed_in_as(browser) is None
    assert "nobody has opened an account" in answer.content.decode()
    assert User.objects.count() == 1


def test_an_address_that_the_service_does_not_vouch_for_does_not_count(ann, provider):
    provider.person["email_verified"] = False
    browser, _answer = sign_in(provider)
    assert signed_in_as(browser) is None


def test_a_closed_account_stays_closed(ann, provider):
    services.user_close(actor=None, user=ann)
    browser, _answer = sign_in(provider)
    assert signed_in_as(browser) is None


def test_an_answer_to_another_question_is_refused(ann, provider):
    browser, _answer = sign_in(provider, state="made-up")
    assert signed_in_as(browser) is None
    stranger = Browser()
    sent = Browser().post(START)
    stranger.get(callback(BACK, provider.authorize(sent["Location"])))
    assert signed_in_as(stranger) is None


@pytest.mark.parametrize("wrong", ["key", "audience", "code"])
def test_a_token_that_is_not_right_is_refused(ann, provider, wrong):
    if wrong == "key":
        provider.sign_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    elif wrong == "audience":
        provider.audience = "another"
    browser, _answer = sign_in(provider, **({"code": "guess"} if wrong == "code" else {}))
    assert signed_in_as(browser) is None


def test_without_configuration_there_is_no_such_way(ann):
    assert oidc_apps(Config(oidc_url="")) == []
    assert oidc_origins(Config(oidc_url="")) == []
    assert Browser().post(START).status_code == 404
    assert "Sign in with" not in Browser().get("/account/login/").content.decode().replace(
        "with a passkey", ""
    )
