"""Telling people: rows in the same transaction, e-mail that names nothing, and mail that is not taken."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from tests.fakes.smtp import SMTPSink

from shoumi.engine.errors import InputError
from shoumi.server.accounts.models import User
from shoumi.server.notifications.models import Notification
from shoumi.server.notifications.queries import notifications_of, unread_count
from shoumi.server.notifications.services import (
    WAITS,
    LinkNotLocalError,
    MessageIncompleteError,
    mail_send_due,
    notification_read,
    notifications_read_all,
    notify,
)

pytestmark = pytest.mark.django_db
MESSAGE = "“%(title)s” waits for your decision."
NAME = "Sintering curve of the X-17 cathode"
LINK = "/approvals/11111111-1111-4111-8111-111111111111/"
Mail = Notification.Mail


def person(name, language="en", **fields):
    return User.objects.create(
        username=name, display_name=name, email=f"{name}@example.com", language=language, **fields
    )


def tell(*users, **changes):
    return notify(
        **{"users": users, "message": MESSAGE, "parameters": {"title": NAME}, "link": LINK} | changes
    )


@pytest.fixture
def mailing(settings):
    """Switch mail on, to a server of the test's own."""

    def to(sink):
        settings.SHOUMI_MAIL_ENABLED = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port

    return to


def test_each_active_person_is_told_once():
    lin, gone = person("lin"), person("gone", is_active=False)
    assert len(tell(lin, gone, lin)) == 1
    assert unread_count(lin) == 1
    assert unread_count(gone) == 0


def test_nobody_is_told_of_what_did_not_happen():
    lin = person("lin")
    with transaction.atomic():
        tell(lin)
        transaction.set_rollback(True)
    assert unread_count(lin) == 0


def test_reading_is_for_the_receiver_alone(fixed_clock):
    lin, mori = person("lin"), person("mori")
    (row,) = tell(lin)
    assert notification_read(actor=mori, notification_id=row.pk) is None
    assert notification_read(actor=lin, notification_id=uuid.uuid4()) is None
    assert unread_count(lin) == 1
    read = notification_read(actor=lin, notification_id=row.pk)
    assert read.read_at == fixed_clock.now()
    fixed_clock.advance(timedelta(hours=1))
    assert notification_read(actor=lin, notification_id=row.pk).read_at == read.read_at
    assert unread_count(lin) == 0


def test_reading_all_leaves_others_alone():
    lin, mori = person("lin"), person("mori")
    tell(lin, mori)
    tell(lin)
    assert notifications_read_all(actor=lin) == 2
    assert notifications_read_all(actor=lin) == 0
    assert (unread_count(lin), unread_count(mori)) == (0, 1)
    assert not notifications_of(lin, unread_only=True)
    assert notifications_of(lin).count() == 2


@pytest.mark.parametrize(
    "link",
    [
        "",
        "register/",
        "//evil.example.com/",
        "https://evil.example.com/",
        "javascript:alert(1)",
        "/a?secret=1",
        "/a#x",
        "/a b",
        "/a\n",
    ],
)
def test_a_link_leads_to_a_page_of_this_console_only(link):
    with pytest.raises(LinkNotLocalError) as refused:
        tell(person("lin"), link=link)
    assert isinstance(refused.value, InputError)


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": {}},
        {"message": "100% sure"},
        {"mail_text": "“%(title)s” waits."},
        {"message": "%(title)d"},
    ],
)
def test_a_text_that_does_not_fit_its_parameters_is_refused(changes):
    with pytest.raises(MessageIncompleteError):
        tell(person("lin"), **changes)
    assert not Notification.objects.exists()


def test_without_a_mail_server_nothing_waits_to_be_mailed():
    (row,) = tell(person("lin"))
    assert row.mail_state == Mail.NONE
    assert mail_send_due() == (0, 0)


def test_mail_goes_out_in_each_readers_language_and_names_nothing(mailing, settings):
    settings.SHOUMI_PUBLIC_URL = "https://shoumi.example.com"
    with SMTPSink() as sink:
        mailing(sink)
        people = [person("lin", "zh-hans"), person("mori", "ja"), person("ann", "en")]
        tell(*people)
        tell(User.objects.create(username="no-mail", display_name="no mail"))
        assert mail_send_due() == (3, 0)
        assert mail_send_due() == (0, 0)
        assert sink.connections == 1
        assert sorted(sink.recipients) == ["ann@example.com", "lin@example.com", "mori@example.com"]
        for message in sink.messages:
            text = message.get_content() + str(message["subject"])
            assert f"https://shoumi.example.com{LINK}" in text
            for word in (NAME, "X-17", "cathode", *(other.username for other in people)):
                assert word not in text
            assert message["auto-submitted"] == "auto-generated"
    assert set(Notification.objects.exclude(mail_state=Mail.NONE).values_list("mail_state", flat=True)) == {
        Mail.SENT
    }


def test_a_server_that_is_away_is_tried_again_later_and_given_up_at_last(mailing, fixed_clock):
    with SMTPSink(refuse_data=451) as sink:
        mailing(sink)
        (row,) = tell(person("lin"))
        for attempt, wait in enumerate(WAITS, 1):
            assert mail_send_due() == (0, 1), attempt
            assert mail_send_due() == (0, 0), "not before its time"
            fixed_clock.advance(wait)
        assert mail_send_due() == (0, 1)
        fixed_clock.advance(timedelta(days=30))
        assert mail_send_due() == (0, 0)
    row.refresh_from_db()
    assert (row.mail_state, row.mail_attempts) == (Mail.FAILED, len(WAITS) + 1)


def test_a_server_that_comes_back_gets_the_mail(mailing, fixed_clock):
    with SMTPSink() as gone:
        mailing(gone)
    (row,) = tell(person("lin"))
    assert mail_send_due() == (0, 1)
    fixed_clock.advance(WAITS[0])
    with SMTPSink() as sink:
        mailing(sink)
        assert mail_send_due() == (1, 0)
    row.refresh_from_db()
    assert (row.mail_state, row.mailed_at) == (Mail.SENT, fixed_clock.now())


def test_an_address_refused_for_good_is_not_tried_again_and_keeps_nobody_else_waiting(mailing):
    with SMTPSink(refuse_recipients=550) as sink:
        mailing(sink)
        tell(person("lin"), person("mori"))
        assert mail_send_due() == (0, 2)
        sink.refuse_recipients = 0
        tell(person("ann"))
        assert mail_send_due() == (1, 0)
    assert Notification.objects.filter(mail_state=Mail.FAILED).count() == 2


def test_mail_that_another_worker_took_is_left_to_it(mailing, fixed_clock):
    with SMTPSink() as sink:
        mailing(sink)
        (row,) = tell(person("lin"))
        Notification.objects.filter(pk=row.pk).update(mail_due_at=fixed_clock.now() + timedelta(minutes=10))
        assert mail_send_due() == (0, 0)
        fixed_clock.advance(timedelta(minutes=10))
        assert mail_send_due() == (1, 0), "the other worker died: the claim has run out"
