"""The reminder of the duty of confidentiality: at sign-in, on every screen, acknowledged once per wording."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.accounts.conftest import PASSWORD, Browser

from shoumi.server.accounts import queries
from shoumi.server.accounts.models import ReminderAcknowledgement
from shoumi.server.ledger.queries import entries_of, entry_details

SECURITY = "/accounts/security/"
REMINDER = "/accounts/reminder/"


@pytest.fixture
def ann(make_user):
    return make_user("ann")


@pytest.mark.requirement("CPU-08")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("en", "bound"), ("zh-hans", "保密义务"), ("ja", "秘密保持義務")]
)
def test_the_page_of_the_sign_in_shows_it(language, words):
    page = Browser(HTTP_ACCEPT_LANGUAGE=language).get(reverse("account_login")).content.decode()
    assert words in page


@pytest.mark.requirement("CPU-08")
def test_nothing_opens_before_it_is_acknowledged(ann):
    browser = Browser()
    browser.post("/account/login/", {"login": "ann", "password": PASSWORD})
    for path in (SECURITY, reverse("accounts:role_list"), reverse("mfa_index"), "/nowhere/"):
        answer = browser.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith(REMINDER)
    assert browser.post(reverse("accounts:session_revoke"), {"session": "others"})["Location"].startswith(
        REMINDER
    )
    page = browser.get(REMINDER, {"next": SECURITY})
    wording = queries.reminder_for(ann, "en")
    assert wording.sign_in in page.content.decode().replace("&#x27;", "'")
    assert browser.post(REMINDER, {"next": SECURITY})["Location"] == SECURITY
    shown = browser.get(SECURITY)
    assert shown.status_code == 200
    assert wording.screen in shown.content.decode().replace("&#x27;", "'")


def test_fragments_and_programs_are_told_in_their_own_way(ann, signed_in):
    browser = signed_in(ann, acknowledged=False)
    fragment = browser.get(SECURITY, HTTP_HX_REQUEST="true")
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, REMINDER)
    program = browser.get("/api/v1/accounts/me")
    assert program.status_code == 403
    assert program.json()["error"]["code"] == "refusal.reminder"


def test_one_can_leave_without_acknowledging(ann, signed_in):
    browser = signed_in(ann, acknowledged=False)
    assert browser.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.requirement("CPU-08")
def test_it_is_recorded_with_the_wording_and_once(ann, signed_in):
    browser = signed_in(ann, acknowledged=False)
    browser.post(REMINDER)
    browser.post(REMINDER)
    wording = queries.reminder_for(ann, "en")
    stored = ReminderAcknowledgement.objects.get()
    assert (stored.user, stored.text_version, stored.text_sha256) == (
        ann,
        wording.version,
        wording.sign_in_sha256,
    )
    (entry,) = [item for item in entries_of(ann.ledger_actor) if item.tag == "accounts:reminder:acknowledged"]
    assert {item.name: item.value for item in entry_details(entry)}["text_sha256"] == wording.sign_in_sha256


def test_a_new_wording_is_asked_anew(ann, signed_in):
    browser = signed_in(ann)
    assert browser.get(SECURITY).status_code == 200
    ReminderAcknowledgement.objects.update(text_version="2020-01")
    session = browser.session
    del session["reminder_acknowledged"]
    session.save()
    assert browser.get(SECURITY)["Location"].startswith(REMINDER)


def test_the_wording_is_that_of_the_country_where_one_works(ann, settings):
    assert queries.reminder_for(ann, "en").pack == "cn"
    assert queries.reminder_for(ann, "ja").pack == "jp"
    settings.SHOUMI_PACK_LOADER = "tests.server.accounts.loaders.japan"
    assert queries.reminder_for(ann, "en").pack == "jp"


def test_nobody_is_sent_to_another_site(ann, signed_in):
    browser = signed_in(ann, acknowledged=False)
    assert browser.post(REMINDER, {"next": "https://evil.example/"})["Location"] == "/"


def test_it_takes_a_sign_in(db):
    assert "/account/login/" in Browser().get(REMINDER)["Location"]
