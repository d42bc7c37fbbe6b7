"""Signing in over HTTP, and all the ways in which it must not work."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from tests.server.accounts.conftest import PASSWORD, Browser

from shoumi.server.accounts import services
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.project import settings as live  # of an installation, not of the tests

LOGIN = "/account/login/"


@pytest.fixture
def ann(make_user):
    return make_user("ann")


def attempt(browser, login, password=PASSWORD, **more):
    return browser.post(LOGIN, {"login": login, "password": password}, **more)


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def tags(user):
    return [entry.tag for entry in entries_of(user.ledger_actor)]


@pytest.mark.parametrize("login", ["ann", "ANN", "ann@example.com", "Ann@Example.com"])
def test_by_name_or_address_in_any_case(ann, login):
    browser = Browser()
    assert attempt(browser, login).status_code == 302
    assert is_signed_in(browser)
    (entry,) = [item for item in entries_of(ann.ledger_actor) if item.tag == "accounts:sign_in:succeeded"]
    detail = {item.name: item.value for item in entry_details(entry)}
    assert detail == {"address": "127.0.0.1", "method": "password"}


@pytest.mark.parametrize(
    ("login", "password"),
    [("ann", "wrong"), ("ann", ""), ("nobody", PASSWORD), ("", PASSWORD), ("ann' OR 1=1 --", PASSWORD)],
)
def test_not_with_anything_else(ann, login, password):
    browser = Browser()
    answer = attempt(browser, login, password)
    assert answer.status_code == 200
    assert not is_signed_in(browser)


def test_unknown_and_wrong_get_the_same_answer(ann):
    wrong = attempt(Browser(), "ann", "wrong").context["form"].errors
    unknown = attempt(Browser(), "nobody", "wrong").context["form"].errors
    assert wrong == unknown


def test_a_closed_account_does_not_sign_in_and_its_sessions_end(ann, signed_in):
    browser = signed_in(ann)
    assert browser.get(reverse("accounts:security")).status_code == 200
    services.user_close(actor=None, user=ann, reason="left")
    assert browser.get(reverse("accounts:security")).status_code == 302
    fresh = Browser()
    attempt(fresh, "ann")
    assert not is_signed_in(fresh)


def test_passwords_are_kept_with_argon2():
    assert live.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=live.PASSWORD_HASHERS):
        assert make_password("x").startswith("argon2$argon2id$")


# --- guessing


def test_guessing_locks_the_name_and_the_right_password_does_not_open_it(ann):
    browser = Browser()
    for _ in range(4):
        assert attempt(browser, "ann", "guess").status_code == 200
    answer = attempt(browser, "ann@example.com", "guess")  # the same account by another name
    assert answer.status_code == 429
    assert b"Locked for a while" in answer.content
    other_place = Browser(REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT="another")
    assert attempt(other_place, "ann").status_code == 429
    assert not is_signed_in(other_place)
    recorded = tags(ann)
    assert recorded.count("accounts:sign_in:failed") == 5
    assert recorded.count("accounts:sign_in:locked") == 1


def test_others_are_not_locked_with_them(ann, make_user):
    make_user("bob")
    browser = Browser()
    for _ in range(6):
        attempt(browser, "ann", "guess")
    assert attempt(browser, "bob").status_code == 302


def test_a_name_that_nobody_has_is_locked_too_and_not_written_down(ann):
    browser = Browser()
    typed = "MyPassword-in-the-wrong-field"
    answers = [attempt(browser, typed, "guess").status_code for _ in range(6)]
    assert answers[-1] == 429
    for entry in entries_of("user:unknown"):
        assert typed not in str(entry_details(entry))
    kept = AccessAttempt.objects.get()
    assert typed not in f"{kept.username} {kept.post_data} {kept.get_data}"


def test_an_administrator_unlocks(ann, holder_of):
    administrator = holder_of("it_administrator")
    for _ in range(6):
        attempt(Browser(), "ann", "guess")
    services.user_unlock(actor=administrator, user=ann)
    browser = Browser()
    assert attempt(browser, "ann").status_code == 302


def test_spraying_many_names_from_one_address_is_stopped(ann):
    browser = Browser()
    answers = [attempt(browser, f"name{number}", "guess") for number in range(32)]
    assert answers[-1].status_code == 429 or "Too many" in str(answers[-1].context["form"].errors)
    last = attempt(browser, "ann")
    assert not is_signed_in(browser), last.status_code


# --- nobody registers, nobody changes the company's addresses


def test_there_is_no_registration(ann):
    browser = Browser()
    data = {"username": "eve", "email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for path in ("/account/signup/", "/account/factors/webauthn/signup/", "/account/company/signup/"):
        assert browser.post(path, data).status_code in {302, 404, 405}
    assert not User.objects.filter(username="eve").exists()


def test_the_address_is_the_companys(ann, signed_in):
    browser = signed_in(ann)
    browser.post("/account/email/", {"action_add": "", "email": "other@example.com"})
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"
    assert [item.email for item in ann.emailaddress_set.all()] == ["ann@example.com"]


# --- passwords


def reset_link(browser, address):
    browser.post(reverse("account_reset_password"), {"email": address})
    found = re.search(r"https?://\S+", mail.outbox[-1].body) if mail.outbox else None
    return found.group() if found else ""


def path_of(link):
    return "/" + link.split("/", 3)[3]


def test_a_forgotten_password_is_reset_by_a_link_that_works_once(ann, signed_in):
    elsewhere = signed_in(ann)
    browser = Browser()
    link = reset_link(browser, "ANN@example.com")
    assert mail.outbox[0].to == ["ann@example.com"]
    page = browser.get(path_of(link), follow=True)
    form = page.redirect_chain[-1][0]
    new = "another horse and staple"
    assert browser.post(form, {"password1": new, "password2": new}).status_code == 302
    assert not is_signed_in(browser)
    assert elsewhere.get(reverse("accounts:security")).status_code == 302
    assert attempt(Browser(), "ann", new).status_code == 302
    again = Browser().get(path_of(link), follow=True)
    assert b"not valid any more" in again.content
    assert "accounts:password:reset" in tags(ann)


def test_nothing_is_sent_to_addresses_that_nobody_has(ann):
    answer = Browser().post(reverse("account_reset_password"), {"email": "nobody@example.com"}, follow=True)
    assert answer.status_code == 200
    assert mail.outbox == []


def test_the_link_of_one_does_not_open_another(ann, make_user):
    bob = make_user("bob")
    link = services.password_link(user=ann)
    mine = path_of(link)
    theirs = path_of(services.password_link(user=bob))
    mixed = re.sub(r"key/[^-]+-", re.search(r"key/[^-]+-", theirs).group(), mine)
    assert b"not valid any more" in Browser().get(mixed, follow=True).content


@pytest.mark.parametrize("weak", ["short", "password1234", "ann@example.com", "735219408611", "abababababab"])
def test_weak_passwords_are_refused(ann, weak):
    browser = Browser()
    page = browser.get(path_of(services.password_link(user=ann)), follow=True)
    answer = browser.post(page.redirect_chain[-1][0], {"password1": weak, "password2": weak})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_changed_password_ends_the_session_and_is_recorded(ann):
    browser = Browser()
    attempt(browser, "ann")
    services.reminder_acknowledge(actor=ann, reminder=reminder_for(ann, "en"))
    new = "another horse and staple"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post(reverse("account_change_password"), data).status_code == 302
    assert not is_signed_in(browser)
    assert "accounts:password:changed" in tags(ann)
    assert attempt(Browser(), "ann").status_code == 200
    assert attempt(Browser(), "ann", new).status_code == 302


def test_signing_out_takes_a_form_not_a_link(ann, signed_in):
    browser = signed_in(ann)
    browser.get(reverse("account_logout"))
    assert is_signed_in(browser)
    browser.post(reverse("account_logout"))
    assert not is_signed_in(browser)
    assert "accounts:sign_out:succeeded" in tags(ann)


def test_forms_from_other_sites_are_refused(ann):
    browser = Browser(enforce_csrf_checks=True)
    assert attempt(browser, "ann").status_code == 403
    assert not is_signed_in(browser)


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(ann, onward):
    browser = Browser()
    answer = browser.post(f"{LOGIN}?next={onward}", {"login": "ann", "password": PASSWORD, "next": onward})
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]
