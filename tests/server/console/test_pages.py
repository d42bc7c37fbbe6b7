"""Home, search and settings: for whom, with how many queries, and in a page that a strict browser takes."""

from __future__ import annotations

import re

import pytest

from shoumi.server.console.services import job_run_claim, job_run_finish
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.services import notify

pytestmark = pytest.mark.django_db
EVERYBODYS = ["/", "/search/", "/search/?q=x", "/settings/profile/", "/settings/company/", "/settings/about/"]
OFFICERS = ["/settings/jobs/", "/settings/configuration/"]


@pytest.mark.parametrize("path", [*EVERYBODYS, *OFFICERS])
@pytest.mark.parametrize("language", ["zh-hans", "ja", "en"])
def test_pages_open_and_hold_nothing_that_the_policy_of_content_forbids(path, language, person, browser_of):
    answer = browser_of(person("officer", "secrecy_officer"), language).get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text)
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert text.count("<h1") == 1
    assert text.count("<main") == 1
    assert 'class="skip-link" href="#content"' in text


@pytest.mark.parametrize("path", OFFICERS)
def test_the_installation_is_shown_to_who_may_see_it_only(path, person, browser_of):
    browser = browser_of(person())
    assert browser.get(path).status_code == 403
    assert path not in browser.get("/settings/profile/").content.decode()


@pytest.mark.parametrize("path", [*EVERYBODYS, *OFFICERS])
def test_strangers_are_sent_to_sign_in(path, client):
    assert client.get(path)["Location"].startswith("/account/login/")


def test_home_costs_a_fixed_number_of_queries(person, browser_of, django_assert_max_num_queries):
    browser = browser_of(person("officer", "secrecy_officer"))
    browser.get("/")
    with django_assert_max_num_queries(45):
        browser.get("/")


def test_every_screen_shows_the_reminder_of_the_duty(person, browser_of):
    user = person()
    for language, words in (
        ("zh-hans", "保密义务提醒"),
        ("ja", "秘密保持義務のお知らせ"),
        ("en", "duty of confidentiality"),
    ):
        assert words in browser_of(user, language).get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_unread_notifications_are_counted_and_listed(person, browser_of):
    user = person()
    notify(users=[user], message="You have no notifications", parameters={}, link="/")
    page = browser_of(user).get("/").content.decode()
    assert "1 unread notification" in page
    assert "You have no notifications" in page


def test_the_configuration_shows_no_secret(person, browser_of, settings):
    changed = {
        "secret_key": type(settings.CONFIG.secret_key)("planted-key"),
        "database_url": "postgresql://shoumi:planted-word@db/shoumi",
        "smtp_url": "smtp://mail:planted-word@mx:25",
    }
    settings.CONFIG = settings.CONFIG.model_copy(update=changed)
    page = browser_of(person("it", "it_administrator")).get("/settings/configuration/").content.decode()
    assert "planted" not in page
    assert "postgresql://shoumi:••••@db/shoumi" in page


def test_jobs_show_the_last_run_of_each(person, browser_of, fixed_clock):
    first = job_run_claim(name="ledger-audit", not_since=clock().now(), now=clock().now())
    job_run_finish(run=first, now=clock().now(), fault="OldError")
    fixed_clock.moment = fixed_clock.moment.replace(hour=11)
    last = job_run_claim(name="ledger-audit", not_since=clock().now(), now=clock().now())
    job_run_finish(run=last, now=clock().now())
    page = browser_of(person("it", "it_administrator")).get("/settings/jobs/").content.decode()
    assert "Self-audit of the ledger" in page
    assert "OldError" not in page


def test_a_search_that_finds_nothing_says_what_to_do(person, browser_of):
    assert "Try fewer or shorter words" in browser_of(person()).get("/search/?q=zzz").content.decode()


def test_an_entry_number_leads_to_the_ledger_for_who_may_read_it(person, browser_of):
    officer, other = person("officer", "secrecy_officer"), person()
    assert (
        "/ledger/0/" in browser_of(officer).get("/search/?q=0").content.decode()
        or "Ledger entry 0" in browser_of(officer).get("/search/?q=%230").content.decode()
    )
    assert "Ledger entry 0" not in browser_of(other).get("/search/?q=0").content.decode()
