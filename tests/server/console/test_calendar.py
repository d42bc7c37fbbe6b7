"""All due things: the pages, the feed a calendar program reads, and the summary by e-mail over real SMTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from tests.fakes.smtp import SMTPSink
from tests.server.privacy.company import Watched
from tests.server.register.company import signed_in
from tests.server.remembering import founded

from shoumi.server.console.models import CalendarFeed
from shoumi.server.console.queries.due import due_for, overdue_for, today_for
from shoumi.server.console.queries.due_sources import SOURCES
from shoumi.server.console.services.digests import digests_send, rhythm_set
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.services import mail_send_due
from shoumi.server.privacy.services.requests import request_make

SECRET = "canary-name-烧结"


@pytest.fixture
def company(db, fixed_clock):
    """A company with a request about personal data and a secret, on 2026-03-01 at 09:00 UTC, a Sunday."""
    made = founded(Watched)
    request_make(actor=made.watched, person=made.watched.person, right="copy", text=SECRET)
    return made


def browser(user=None):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return signed_in(client, user) if user else client


def path_of(address):
    return "/" + address.split("/", 3)[3]


def test_what_is_due_is_found_once_and_only_by_those_whom_it_concerns(company):
    today = today_for(company.legal)
    far = today + timedelta(days=400)
    [mine] = [item for item in due_for(company.legal, today, far) if item.source.key == "privacy-request"]
    assert not [item for item in due_for(company.seller, today, far) if item.source.key == "privacy-request"]
    assert not overdue_for(company.legal, today)
    assert mine in overdue_for(company.legal, mine.day + timedelta(days=1))
    month = browser(company.legal).get(
        reverse("console:calendar"), {"year": mine.day.year, "month": mine.day.month}
    )
    assert mine.url in month.content.decode()
    assert mine.url in browser(company.legal).get(reverse("console:agenda")).content.decode()
    nowhere = browser(company.legal).get(reverse("console:calendar"), {"year": "0", "month": "13"})
    assert nowhere.status_code == 200
    assert len({source.key for source in SOURCES}) == len(SOURCES)
    assert not any("%" in source.label for source in SOURCES)


def test_a_calendar_program_reads_the_feed_and_learns_no_name(company):
    address = browser(company.legal).post(reverse("console:subscription")).context["address"]
    program = browser()
    answer = program.get(path_of(address))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content)
    [event] = found.walk("VEVENT")
    today = today_for(company.legal)
    [item] = due_for(company.legal, today, today + timedelta(days=300))
    assert event["summary"] == "个人信息请求的答复到期"
    assert event.decoded("dtstart") == item.day
    text = answer.content.decode()
    for name in (SECRET, company.watched.person.name, company.watched.person.number, item.key, "E002"):
        assert name not in text.replace("\r\n ", "")
    again = Calendar.from_ical(program.get(path_of(address)).content).walk("VEVENT")
    assert [each["uid"] for each in again] == [event["uid"]]
    assert address.rsplit("/", 1)[1].removesuffix(".ics") not in CalendarFeed.objects.get().token_sha256
    other = browser(company.legal).post(reverse("console:subscription")).context["address"]
    assert program.get(path_of(address)).status_code == 404
    assert program.get(path_of(other)).status_code == 200
    browser(company.legal).post(reverse("console:subscription_end"))
    assert program.get(path_of(other)).status_code == 404
    tags = LedgerEntry.objects.filter(tag__startswith="console:feed:").values_list("tag", flat=True)
    assert list(tags) == ["console:feed:made", "console:feed:made", "console:feed:ended"]


def test_the_feed_of_who_left_is_closed(company):
    address = path_of(browser(company.legal).post(reverse("console:subscription")).context["address"])
    assert browser().get(address).status_code == 200
    company.legal.is_active = False
    company.legal.save()
    assert browser().get(address).status_code == 404


def test_the_summary_is_told_once_in_the_morning_of_the_person(company, settings, fixed_clock):
    settings.SHOUMI_MAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    legal = company.legal
    legal.language, legal.time_zone = "ja", "America/Los_Angeles"
    legal.save()
    assert digests_send() == 0  # nobody chose it
    browser(legal).post(reverse("console:rhythm"), {"rhythm": "daily"})
    rhythm_set(actor=company.seller, rhythm="daily")  # has nothing due
    rhythm_set(actor=company.people_office, rhythm="weekly")
    fixed_clock.advance(timedelta(days=60))  # 2026-04-30, a Thursday, 02:00 there; it is late
    assert digests_send() == 0
    fixed_clock.advance(timedelta(hours=6))
    with SMTPSink() as sink:
        settings.EMAIL_PORT = sink.port
        assert digests_send() == 1
        assert digests_send() == 0
        mail_send_due()
        [mail] = [each for each in sink.messages if each["To"] == legal.email]
        text = mail.get_content()
        assert "個人データに関する請求への回答期限: 1" in text.replace("：", ": ")
        assert SECRET not in str(mail)
        assert company.watched.person.name not in text
        fixed_clock.advance(timedelta(hours=24))
        assert digests_send() == 1
        rhythm_set(actor=legal, rhythm="never")
        fixed_clock.advance(timedelta(days=3))  # Monday, 2026-05-04, in the afternoon of Shanghai
        assert digests_send() == 1  # the weekly one
        assert digests_send() == 0
