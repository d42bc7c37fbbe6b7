"""The monitoring gate over real rows: what opens it, and that its end closes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shoumi.engine.jurisdiction.personal_data import Reason
from shoumi.server.ledger.services import clock
from shoumi.server.privacy.models import Delivery
from shoumi.server.privacy.queries.collecting import Collecting, may_collect
from shoumi.server.privacy.services.consents import consent_withdraw
from shoumi.server.privacy.services.errors import (
    AnsweredAlreadyError,
    EverybodyError,
    NeverCollectedError,
    NotAskedError,
    NothingToTellError,
    NoticeTextError,
    OtherEntityError,
    WordUnknownError,
)
from shoumi.server.privacy.services.notices import notice_acknowledge, notice_end, notice_send, notice_shown
from shoumi.server.privacy.services.register import (
    AssessmentWish,
    assessment_agree,
    assessment_make,
    processing_end,
)


def ask(company, kind="sign-in", purpose="protect-secrets", at=None, user=None):
    person = (user or company.watched).person
    return may_collect(person, kind, purpose, at or clock().now())


@pytest.mark.requirement("WEC-04")
def test_without_notice_the_answer_is_no_and_with_it_yes(company, fixed_clock):
    assert ask(company).reason is Reason.NO_PROCESSING
    processing = company.processing()
    assert ask(company).reason is Reason.NO_NOTICE
    version = company.notice(processing)
    notice_send(actor=company.people_office, version=version)
    assert ask(company).reason is Reason.NO_NOTICE  # handed over, not acknowledged
    before = clock().now()
    fixed_clock.advance(timedelta(hours=1))
    company.told(version)
    answer = ask(company)
    assert answer.permitted
    assert answer.notice == str(version.pk)
    assert answer.processing == str(processing.pk)
    assert answer.since == clock().now()
    assert ask(company, at=before).reason is Reason.NO_NOTICE  # not backwards
    assert not ask(company, user=company.seller).permitted  # another person has not read it


@pytest.mark.requirement("WEC-02", "WEC-08")
def test_another_purpose_and_another_kind_stay_closed(company):
    company.told(company.notice(company.processing()))
    assert ask(company, purpose="personnel").reason is Reason.NO_PROCESSING
    assert ask(company, kind="mail-traffic").reason is Reason.NO_PROCESSING
    assert ask(company, kind="nothing").reason is Reason.UNKNOWN_KIND


def test_a_notice_that_asks_for_no_acknowledgement_counts_once_it_is_shown(company):
    version = company.notice(company.processing(), must_acknowledge=False)
    notice_send(actor=company.people_office, version=version)
    assert ask(company).reason is Reason.NO_NOTICE
    row = Delivery.objects.get(notice_version=version, person=company.watched.person)
    notice_shown(actor=company.watched, delivery=row, text=version.texts.get())
    assert ask(company).permitted


def test_a_new_text_of_substance_must_be_read_anew(company, fixed_clock):
    processing = company.processing()
    version = company.notice(processing)
    company.told(version)
    fixed_clock.advance(timedelta(days=1))
    company.notice(processing, notice=version.notice, material=False)
    assert ask(company).permitted
    fixed_clock.advance(timedelta(days=1))
    third = company.notice(processing, notice=version.notice)
    assert third.number == 3
    assert ask(company).reason is Reason.NO_NOTICE
    assert ask(company, at=clock().now() - timedelta(hours=1)).permitted
    company.told(third)
    assert ask(company).permitted
    notice_end(actor=company.legal, notice=version.notice)
    assert ask(company).reason is Reason.NO_NOTICE


def test_the_end_of_a_processing_closes_it(company):
    processing = company.processing()
    company.told(company.notice(processing))
    processing_end(actor=company.legal, processing=processing, reason="不再需要", expected_version=1)
    assert ask(company).reason is Reason.NO_PROCESSING


@pytest.mark.requirement("WEC-10", "WEC-12")
def test_a_consent_opens_and_its_withdrawal_closes(company, fixed_clock):
    processing = company.processing(basis="consent")
    company.told(company.notice(processing))
    assert ask(company).missing == ("basis",)
    company.agrees(processing, agreed=False)
    assert not ask(company).permitted
    consent = company.agrees(processing)
    assert ask(company).consents == (str(consent.pk),)
    with pytest.raises(AnsweredAlreadyError):
        company.agrees(processing)
    fixed_clock.advance(timedelta(days=1))
    consent_withdraw(actor=company.watched, consent=consent)
    assert ask(company).reason is Reason.NO_CONSENT
    assert ask(company, at=clock().now() - timedelta(hours=1)).permitted
    with pytest.raises(AnsweredAlreadyError):
        consent_withdraw(actor=company.watched, consent=consent)
    company.agrees(processing)
    assert ask(company).permitted


@pytest.mark.requirement("WEC-21")
def test_location_needs_an_assessment_and_two_consents(company, fixed_clock):
    with pytest.raises(NeverCollectedError):
        company.processing(kinds=["location"], purpose="advertising")
    processing = company.processing(kinds=["location"], persons=[company.watched.person])
    company.told(company.notice(processing))
    assert ask(company, "location").reason is Reason.NO_ASSESSMENT
    wish = AssessmentWish("外勤安全所必需", "行踪", "仅工作时间", "acceptable", "某律师", "可行")
    made = assessment_make(actor=company.legal, processing=processing, wish=wish)
    assert made.triggers == ["sensitive"]
    assert ask(company, "location").reason is Reason.NO_ASSESSMENT  # one of its two owners is missing
    assessment_agree(actor=company.technician, assessment=made)
    assert made.keep_until.isoformat() == "2029-03-01"
    assert ask(company, "location").missing == ("sensitive", "location")
    company.agrees(processing, "sensitive")
    company.agrees(processing, "location")
    assert ask(company, "location").permitted
    fixed_clock.advance(timedelta(days=1))
    no = AssessmentWish("不再必需", "行踪", "无", "not_acceptable")
    assessment_make(actor=company.legal, processing=processing, wish=no)
    assert ask(company, "location").reason is Reason.NO_ASSESSMENT


@pytest.mark.requirement("WEC-22")
def test_chats_are_read_only_of_those_who_are_named(company):
    with pytest.raises(EverybodyError):
        company.processing(kinds=["chat-content"])
    processing = company.processing(kinds=["chat-content"], departments=[company.lab])
    version = company.notice(processing)
    company.told(version)
    company.told(version, company.seller)
    assert ask(company, "chat-content").permitted
    assert ask(company, "chat-content", user=company.seller).reason is Reason.NOT_CONCERNED


def test_who_moved_away_is_not_concerned_any_more(company):
    processing = company.processing(departments=[company.lab])
    company.told(company.notice(processing))
    engagement = company.watched.person.engagements.get()
    later = clock().now() + timedelta(days=40)
    assert ask(company, at=later).permitted
    engagement.ends_on = later.date()
    engagement.save()
    assert ask(company, at=later).reason is Reason.NOT_CONCERNED
    assert Collecting(company.watched.person).concerning(later) == []


@pytest.mark.requirement("WEC-01", "WEC-11")
def test_what_is_acknowledged_is_the_hash_of_what_was_read(company):
    version = company.notice(company.processing(), texts={"zh-hans": "告知", "en": "Notice"})
    notice_send(actor=company.people_office, version=version)
    row = Delivery.objects.get(notice_version=version, person=company.watched.person)
    with pytest.raises(NoticeTextError):
        notice_acknowledge(actor=company.watched, delivery=row, sha256="0" * 64)
    text = version.texts.get(language="en")
    for words in ("Purpose: protecting trade secrets", "Kinds of data: sign-ins", "6 months", "上海机房"):
        assert words in text.text
    done = notice_acknowledge(actor=company.watched, delivery=row, sha256=text.sha256)
    assert done.text == text
    version.texts.filter(pk=text.pk).update(text="something else")
    other = Delivery.objects.get(notice_version=version, person=company.seller.person)
    with pytest.raises(NoticeTextError):
        notice_acknowledge(actor=company.seller, delivery=other, sha256=text.sha256)


def test_a_campaign_goes_on_where_it_stopped_and_tells_nobody_twice(company):
    version = company.notice(company.processing())
    first = notice_send(actor=company.people_office, version=version, limit=3)
    rest = notice_send(actor=company.people_office, version=version)
    assert first == 3
    assert rest > 3
    assert notice_send(actor=company.people_office, version=version) == 0
    assert Delivery.objects.count() == first + rest
    assert company.watched.notifications.filter(message__contains="personal data").count() == 1


def test_what_does_not_fit_is_refused(company):
    with pytest.raises(WordUnknownError):
        company.processing(kinds=["thoughts"])
    with pytest.raises(WordUnknownError):
        company.processing(kinds=[])
    with pytest.raises(OtherEntityError):
        company.processing(legal_owner=company.abroad.person)
    processing = company.processing()
    with pytest.raises(NothingToTellError):
        company.notice()
    with pytest.raises(NothingToTellError):
        company.notice(processing, texts={"en": "only English"})
    with pytest.raises(NotAskedError):
        company.agrees(processing)
