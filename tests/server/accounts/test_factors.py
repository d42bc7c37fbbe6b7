"""Second factors: one-time codes, recovery codes and passkeys, and nobody in without them."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache.backends import db as cache_of_codes
from django.urls import reverse
from django.utils import timezone
from tests.fakes.passkey import SoftwarePasskey
from tests.server.accounts.conftest import PASSWORD, Browser

from shoumi.engine.policy import Role
from shoumi.server.accounts import adapters, gate, services
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services.sign_in import code_is_used_first
from shoumi.server.ledger.queries import entries_of

pytestmark = pytest.mark.any_database  # about secrets and browsers

ORIGIN = "http://localhost"
SECURITY = "/accounts/security/"
STEP = 30  # seconds for which an authenticator app shows a code, RFC 6238


@pytest.fixture
def ann(make_user):
    user = make_user("ann")
    services.reminder_acknowledge(actor=user, reminder=reminder_for(user, "en"))
    return user


def sign_in(user, **client):
    browser = Browser(**client)
    browser.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return browser


def confirm(browser, path="account_reauthenticate", **proof):
    """Prove again who it is, as every change of factors asks."""
    answer = browser.post(reverse(path), proof or {"password": PASSWORD})
    assert answer.status_code == 302


def is_in(browser):
    return browser.get(SECURITY).status_code == 200


def code_of(secret, steps=0):
    """What an app shows whose clock is `steps` steps fast."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def tags(user):
    return [entry.tag for entry in entries_of(user.ledger_actor)]


@pytest.fixture
def totp(ann, django_capture_on_commit_callbacks):
    """Ann's authenticator app, set up over HTTP; returns its secret."""
    browser = sign_in(ann)
    assert "reauthenticate" in browser.get(reverse("mfa_activate_totp"))["Location"]
    confirm(browser)
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


@pytest.fixture
def clock(monkeypatch):
    """Stop the clock within a step, for codes and the memory of used ones; returns how to set it on."""
    now = int(time.time()) // STEP * STEP + STEP / 2
    passed = 0

    def forward(seconds):
        nonlocal passed
        passed += seconds

    began = timezone.now()
    monkeypatch.setattr(time, "time", lambda: now + passed)
    monkeypatch.setattr(cache_of_codes, "tz_now", lambda: began + timedelta(seconds=passed))
    return forward


# --- one-time codes


def test_the_password_alone_does_not_sign_in_any_more(ann, totp):
    browser = sign_in(ann)
    assert not is_in(browser)
    assert "_auth_user_id" not in browser.session
    assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not is_in(browser)
    assert "accounts:factor:added" in tags(ann)
    assert "accounts:sign_in:failed" in tags(ann)


def test_a_code_signs_in_once(ann, totp):
    code = code_of(totp)
    first = sign_in(ann)
    first.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(first)
    second = sign_in(ann)
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(second)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_an_app_may_be_one_step_slow_or_fast(ann, totp, clock, steps, opens):
    browser = sign_in(ann)
    browser.post(reverse("mfa_authenticate"), {"code": code_of(totp, steps)})
    assert is_in(browser) is opens


@pytest.mark.parametrize("seconds", [0, STEP + 1, 2 * STEP + 1])
def test_a_used_code_stays_used_as_long_as_it_would_hold(ann, totp, clock, seconds):
    code = code_of(totp, 1)
    first = sign_in(ann)
    first.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(first)
    clock(seconds)
    second = sign_in(ann)
    answer = second.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})
    assert "was used already" in str(answer.context["form"].errors)
    assert not is_in(second)
    assert tags(ann)[-1] == "accounts:sign_in:failed"
    wrong = second.post(reverse("mfa_authenticate"), {"code": code_of(totp, 9)})
    assert "Incorrect code" in str(wrong.context["form"].errors)
    second.post(reverse("mfa_authenticate"), {"code": code_of(totp, 1 if seconds else 0)})
    assert is_in(second)


def test_a_code_is_used_by_its_user_however_it_is_typed(ann, make_user):
    bob = make_user("bob")
    asked = [(ann, "123 456"), (bob, "123456"), (ann, "123456"), (ann, "123457")]
    assert [code_is_used_first(user=user, code=code) for user, code in asked] == [True, True, False, True]


def test_a_code_that_signed_in_does_not_confirm(ann, totp, clock):
    code = code_of(totp, 1)
    browser = sign_in(ann)
    browser.post(reverse("mfa_authenticate"), {"code": code})
    clock(STEP + 1)
    answer = browser.post(reverse("mfa_reauthenticate"), {"code": code})
    assert "was used already" in str(answer.context["form"].errors)
    confirm(browser, "mfa_reauthenticate", code=code_of(totp, 1))


def test_guessing_codes_is_stopped(ann, totp):
    browser = sign_in(ann)
    answers = [browser.post(reverse("mfa_authenticate"), {"code": f"{n:06}"}) for n in range(25)]
    assert "Too many" in str(answers[-1].context["form"].errors)
    browser.post(reverse("mfa_authenticate"), {"code": code_of(totp)})
    assert not is_in(browser)


def test_the_secret_lies_encrypted_in_the_database(ann, totp):
    stored = json.dumps(Authenticator.objects.get(type="totp").data)
    assert totp not in stored
    assert TOTP(Authenticator.objects.get(type="totp")).instance.pk


def test_a_secret_sealed_under_an_old_key_opens_under_it_only(settings):
    sealed = adapters.MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(adapters.FactorSecretError):
        adapters.MFAAdapter().decrypt(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert adapters.MFAAdapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


# --- recovery codes


def test_a_recovery_code_signs_in_once(ann, totp):
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    for expected in (True, False):
        browser = sign_in(ann)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(browser) is expected


# --- passkeys


@pytest.fixture
def passkey(ann):
    """Ann's passkey, added over HTTP."""
    key = SoftwarePasskey(ORIGIN)
    browser = sign_in(ann, SERVER_NAME="localhost")
    confirm(browser)
    options = browser.get(reverse("mfa_add_webauthn")).context["js_data"]["creation_options"]
    data = {"name": "phone", "passwordless": "on", "credential": json.dumps(key.create(options))}
    assert browser.post(reverse("mfa_add_webauthn"), data).status_code == 302
    return key


def use(browser, key):
    options = browser.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json").json()
    answer = key.get(options["request_options"])
    browser.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(answer)})
    return answer


def test_a_passkey_signs_in_without_password(ann, passkey):
    browser = Browser(SERVER_NAME="localhost")
    use(browser, passkey)
    assert is_in(browser)
    assert {"accounts:factor:added", "accounts:sign_in:succeeded"} <= set(tags(ann))


def test_a_passkey_works_while_the_name_is_locked(ann, passkey):
    for _ in range(6):
        Browser().post("/account/login/", {"login": "ann", "password": "guess"})
    browser = Browser(SERVER_NAME="localhost")
    use(browser, passkey)
    assert is_in(browser)


def test_an_answer_is_not_used_twice(ann, passkey):
    first = Browser(SERVER_NAME="localhost")
    answer = use(first, passkey)
    second = Browser(SERVER_NAME="localhost")
    second.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json")
    second.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(answer)})
    assert not is_in(second)


def test_a_passkey_from_another_site_is_refused(ann, passkey):
    passkey.origin = "http://evil.example"
    browser = Browser(SERVER_NAME="localhost")
    use(browser, passkey)
    assert not is_in(browser)


def test_an_unknown_passkey_is_refused(ann, passkey):
    stranger = SoftwarePasskey(ORIGIN)
    stranger.user_handle = passkey.user_handle
    browser = Browser(SERVER_NAME="localhost")
    use(browser, stranger)
    assert not is_in(browser)
    stranger.credential_id = passkey.credential_id  # the right name, another key
    use(browser, stranger)
    assert not is_in(browser)


def test_a_passkey_that_does_not_know_its_holder_is_refused(ann, passkey):
    passkey.verifies = False
    browser = Browser(SERVER_NAME="localhost")
    use(browser, passkey)
    assert not is_in(browser)


def test_a_passkey_does_not_open_a_closed_account(ann, passkey):
    services.user_close(actor=None, user=ann)
    browser = Browser(SERVER_NAME="localhost")
    use(browser, passkey)
    assert not is_in(browser)


# --- taking factors away


def test_removing_a_factor_asks_again_who_it_is(ann, totp, signed_in):
    browser = signed_in(ann)  # signed in long ago: no fresh proof in the session
    answer = browser.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert Authenticator.objects.filter(type="totp").exists()


def test_the_user_removes_the_app_after_proving_who_it_is(ann, totp):
    browser = sign_in(ann)
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    browser.post(reverse("mfa_authenticate"), {"code": code})
    confirm(browser)
    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()
    assert "accounts:factor:removed" in tags(ann)


def test_lost_factors_are_removed_by_the_office_with_a_reason_and_never_by_it(ann, totp, founders, holder_of):
    officer, _leader = founders
    administrator = holder_of(Role.IT_ADMINISTRATOR)
    for actor, purpose in ((administrator, "lost"), (ann, "lost"), (officer, " ")):
        with pytest.raises(gate.NotPermittedError):
            services.user_factors_remove(actor=actor, user=ann, purpose=purpose)
    browser = sign_in(ann)
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert services.user_factors_remove(actor=officer, user=ann, purpose="lost the phone") == 2
    assert not is_in(browser)
    assert is_in(sign_in(ann))
