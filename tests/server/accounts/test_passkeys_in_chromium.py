"""A passkey in a real Chromium with a virtual authenticator, under the console's own security policy."""

from __future__ import annotations

import os
import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect, sync_playwright
from tests.journeys.chromium import PROGRAM
from tests.server.accounts.conftest import PASSWORD

from shoumi.server.ledger.queries import entries_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SECURITY = "/accounts/security/"


@pytest.fixture(scope="module")
def chromium():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(locale="en-US", base_url=f"http://localhost:{live_server.thread.port}")
    opened = context.new_page()
    faults = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    yield opened
    context.close()
    assert not faults


def plug_in(page, **changed):
    """Give the browser an authenticator; return what talks to it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | changed})
    return session, made["authenticatorId"]


def sign_in(page):
    page.goto(f"/account/login/?next={SECURITY}")
    page.get_by_label("Sign-in name or e-mail").fill("ann")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page):
    page.goto("/account/factors/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page).to_have_url(re.compile("recovery-codes"))


def test_added_once_it_signs_in_without_password_and_beside_it(make_user, page):
    ann = make_user("ann")
    plug_in(page)
    sign_in(page)
    page.get_by_role("button", name="I have read this").click()
    expect(page).to_have_url(re.compile(SECURITY))
    add_passkey(page)
    page.context.clear_cookies()

    page.goto(f"/account/login/?next={SECURITY}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"^(?!.*/account/login/)"))
    page.goto(SECURITY)
    expect(page.get_by_role("heading", name="Sign-in and security")).to_be_visible()
    page.context.clear_cookies()

    sign_in(page)
    expect(page).to_have_url(re.compile("factors/authenticate"))
    page.get_by_role("button", name="Use the passkey").click()
    expect(page).to_have_url(re.compile(SECURITY))
    signed_in = [entry for entry in entries_of(ann.ledger_actor) if entry.tag == "accounts:sign_in:succeeded"]
    assert len(signed_in) == 3


def test_a_failing_authenticator_is_said_in_words(make_user, page):
    make_user("ann")
    session, authenticator = plug_in(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    sign_in(page)
    page.get_by_role("button", name="I have read this").click()
    page.goto("/account/factors/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey could not be used.")).to_be_visible()
    assert not Authenticator.objects.exists()
