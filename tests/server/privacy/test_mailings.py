"""Telling persons of a breach by e-mail, to a real SMTP server: in batches, stopped, resumed, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.fakes.smtp import SMTPSink
from tests.server.privacy.test_breaches import report, standing

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.queries import entry_details
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.privacy.models import Breach, BreachMail, BreachMailing, BreachNotice
from shoumi.server.privacy.services.breaches import (
    MailingWish,
    breach_mailing_resume,
    breach_mailing_start,
    breach_mailing_stop,
    breach_mailings_go_on,
    mailing,
)
from shoumi.server.privacy.services.breaches.mailing import breach_mailing_go_on
from shoumi.server.privacy.services.errors import (
    AddressError,
    MailingStateError,
    MailOffError,
    NobodyToTellError,
    WordUnknownError,
)

DUTY = "persons-at-once"
FIVE = "\n".join(f"k{number}@example.com" for number in range(5))


class Silent(SMTPSink):
    """Takes a mail and hangs up before it says so."""

    async def _answer(self, verb, reader, writer):
        answer = await super()._answer(verb, reader, writer)
        if verb == b"DATA":
            writer.close()
        return b"" if verb == b"DATA" else answer


@pytest.fixture
def mailing_to(settings, monkeypatch):
    """Switch mail on, two mails to a batch, to a server of the test's own."""
    monkeypatch.setattr(mailing, "BATCH", 2)

    def to(sink):
        settings.SHOUMI_MAIL_ENABLED = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port

    return to


def start(company, breach, addresses=FIVE, **changes) -> BreachMailing:
    known = {
        "country": "CN", "duty": DUTY, "language": "zh-hans", "subject": "个人信息泄露告知", "text": "告知。",
    }  # fmt: skip
    wish = MailingWish(**(known | {"addresses": addresses} | changes))
    return breach_mailing_start(actor=company.technician, breach=breach, wish=wish)


@pytest.mark.requirement("WEC-23")
def test_a_mailing_is_stopped_and_resumed_with_nobody_told_twice(company, mailing_to):
    breach = report(company, countries=["CN"])
    with SMTPSink() as sink:
        mailing_to(sink)
        row = start(company, breach, f"{FIVE}\nK1@EXAMPLE.com\n\n")
        assert breach_mailing_go_on(row.pk) == 2
        breach_mailing_stop(actor=company.legal, mailing=row)
        assert breach_mailings_go_on() == breach_mailing_go_on(row.pk) == 0
        assert len(sink.recipients) == 2
        assert standing(Breach.objects.get())[f"CN:{DUTY}"] != "done"
        with pytest.raises(MailingStateError):
            breach_mailing_stop(actor=company.legal, mailing=row)
        breach_mailing_resume(actor=company.technician, mailing=row)
        assert breach_mailings_go_on() == 3
        assert sorted(sink.recipients) == FIVE.split("\n")
        assert {message["To"] for message in sink.messages} == set(FIVE.split("\n"))
        row.refresh_from_db()
        assert row.state == "done"
        assert standing(Breach.objects.get())[f"CN:{DUTY}"] == "done"
        kept = {mail.message_id for mail in row.mails.filter(state="sent", sent_at__isnull=False)}
        assert kept == {message["Message-ID"] for message in sink.messages}
        with pytest.raises(NobodyToTellError):
            start(company, breach)
        later = start(company, breach, f"{FIVE}\nlate@example.com")
        assert [mail.address for mail in later.mails.all()] == ["late@example.com"]
    entry = LedgerEntry.objects.filter(tag=LedgerTag.PRIVACY_BREACH_MAILING_DONE).latest("index")
    detail = {item.name: item.value for item in entry_details(entry)}
    assert (detail["sent"], detail["failed"]) == (5, 0)
    assert detail["deliveries_sha256"] == mailing.deliveries_sha256(row)
    assert (row.notice.channel, row.notice.sha256) == ("mail", row.sha256)


def test_what_the_server_refuses_is_kept_and_what_it_puts_off_is_tried_again(
    company, mailing_to, fixed_clock
):
    breach = report(company, countries=["CN"])
    with SMTPSink(refuse_recipients=550) as sink:
        mailing_to(sink)
        row = start(company, breach, "gone@example.com")
        breach_mailings_go_on()
        mail = BreachMail.objects.get()
        assert (mail.state, mail.answer) == ("failed", "550 not here")
        row.refresh_from_db()
        assert (row.state, row.notice) == ("done", None)
        sink.refuse_recipients, sink.refuse_data = 0, 451
        again = start(company, breach, "gone@example.com")
        breach_mailings_go_on()
        assert again.mails.get().state == "waiting"
        sink.refuse_data = 0
        assert breach_mailings_go_on() == 0
        fixed_clock.advance(timedelta(minutes=2))
        assert breach_mailings_go_on() == 1
    assert again.mails.get().state == "sent"
    assert BreachNotice.objects.get().recipient


def test_a_mail_without_an_answer_is_unclear_and_not_sent_again(company, mailing_to, fixed_clock):
    breach = report(company, countries=["CN"])
    with Silent() as sink:
        mailing_to(sink)
        row = start(company, breach, "a@example.com")
        breach_mailings_go_on()
        assert row.mails.get().state == "unclear"
        assert len(sink.messages) == 1
    died = start(company, breach, "b@example.com")
    died.mails.update(state="sending", due_at=fixed_clock.now() + mailing.CLAIM)
    with SMTPSink() as sink:
        mailing_to(sink)
        assert breach_mailings_go_on() == 0
        fixed_clock.advance(timedelta(minutes=11))
        assert breach_mailings_go_on() == 0
        assert died.mails.get().state == "unclear"
        assert sink.messages == []
        with pytest.raises(NobodyToTellError):
            start(company, breach, "a@example.com")
    third = start(company, breach, "c@example.com")
    assert breach_mailings_go_on() == 0  # no server answers: nothing has left, and no try is counted
    assert (third.mails.get().state, third.mails.get().attempts) == ("waiting", 0)


def test_what_cannot_be_sent_is_refused(company, mailing_to):
    breach = report(company)
    with pytest.raises(MailOffError):
        start(company, breach)
    with SMTPSink() as sink:
        mailing_to(sink)
        for changes, told in (
            ({"addresses": "a@example.com\nnobody"}, AddressError),
            ({"addresses": ""}, NobodyToTellError),
            ({"duty": "authority-at-once"}, WordUnknownError),
            ({"country": "FR"}, WordUnknownError),
            ({"language": "fr"}, WordUnknownError),
        ):
            with pytest.raises(told):
                start(company, breach, **changes)
        with pytest.raises(NotPermittedError):
            breach_mailing_start(
                actor=company.people_office, breach=breach, wish=MailingWish("CN", DUTY, "", "", "")
            )
        person = company.watched.person
        person.email = "own@example.com"
        person.save()
        row = start(company, breach, "OWN@example.com", everybody=True)
        own = row.mails.filter(person=person)
        assert [mail.address for mail in own] == ["own@example.com"]
        assert row.mails.count() == Person.objects.filter(entity=company.cn).exclude(email="").count()


def test_a_mailing_over_http(company, mailing_to, browser):
    breach = report(company, countries=["CN"])
    legal, where = browser(company.legal), reverse("privacy:breach_mail", args=[breach.pk, "CN", DUTY])
    assert where in legal.get(breach.get_absolute_url()).content.decode()
    assert browser(company.people_office).get(where).status_code == 403
    form = legal.get(where)
    with SMTPSink() as sink:
        mailing_to(sink)
        sent = {"subject": "告知", "text": form.context["form"].initial["text"], "addresses": "nobody"}
        assert legal.post(where, sent).status_code == 422
        page = legal.post(where, sent | {"addresses": FIVE}, follow=True).content.decode()
    row = BreachMailing.objects.get()
    assert "Going out" in page
    stop = reverse("privacy:breach_mailing_move", args=[row.pk, "stop"])
    assert browser(company.people_office).post(stop).status_code == 403
    assert "Stopped" in legal.post(stop, follow=True).content.decode()
    assert row.subject in legal.get(breach.get_absolute_url()).content.decode()
