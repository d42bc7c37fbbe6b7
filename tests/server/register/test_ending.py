"""A secret ends: by approval, by the calendar with notice beforehand, or because it was published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.server.register.company import approve, decide, draft, proposed, registered

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.notifications.models import Notification
from shoumi.server.register import tasks
from shoumi.server.register.models import SecretChange, TradeSecret
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.snapshot import reconcile
from shoumi.server.register.services import changes, ending
from shoumi.server.register.services.changes import DeclassificationReasonError
from shoumi.server.register.services.expiry import expiry_run, secret_expire
from shoumi.server.register.services.notices import MESSAGES
from shoumi.server.register.services.publication import (
    PeriodOpenError,
    PublicationConfirmedError,
    SamePersonError,
    publication_confirm,
    publication_record,
)

State = TradeSecret.State


def declassification(company, secret, **changed):
    values = {"ground": "DEC-02", "reason": "the product is gone", **changed}
    return changes.declassification_open(
        actor=company.owner, secret_id=secret.pk, expected_version=secret.version, **values
    )


@pytest.mark.requirement("DEC-02", "DEC-M1", "DEC-M2", "DEC-M3", "DEC-M4")
def test_declassified_by_approval_with_measures_recorded_one_by_one(company):
    secret = registered(company)
    declassification(company, secret, measures=["DEC-M1", "DEC-M2", "DEC-M3", "DEC-M4"])
    secret = approve(company, secret)
    assert (secret.state, secret.declassification_reason) == (State.DECLASSIFIED, "DEC-02")
    version = secret.versions.order_by("ordinal").last()
    assert (version.cause, version.filings.count(), reconcile(version)) == ("declassified", 2, [])
    assert not secret.marking_tasks.filter(done_at=None).exists()
    acts = list(secret.declassification_acts.order_by("measure", "pk"))
    assert [act.measure for act in acts] == ["DEC-M1", "DEC-M2", "DEC-M2", "DEC-M3", "DEC-M4"]
    assert {bool(act.carrier_id) for act in acts if act.measure == "DEC-M2"} == {True, False}
    with pytest.raises(NotPermittedError):
        ending.declassification_act_record(actor=company.seller, act_id=acts[0].pk, note="moved")
    done = ending.declassification_act_record(
        actor=company.owner, act_id=acts[0].pk, note="moved to the library"
    )
    assert (done.note, done.done_by) == ("moved to the library", company.owner)
    assert entries_of(secret.ledger_subject).last().tag == "register:measure:recorded"


@pytest.mark.requirement("DEC-03")
def test_an_event_needs_its_incident(company):
    secret = registered(company)
    for faulty in (
        {"ground": "DEC-03"},
        {"ground": "DEC-01"},
        {"ground": "DEC-02", "reason": " "},
        {"ground": "DEC-99"},
    ):
        with pytest.raises(DeclassificationReasonError):
            declassification(company, secret, **faulty)
    change = declassification(company, secret, ground="DEC-03", incident="INC-2026-7")
    assert (change.declassification_reason, change.incident) == ("DEC-03", "INC-2026-7")


def test_what_is_declassified_is_open_to_its_scope_without_clearance(company):
    secret = registered(company)
    declassification(company, secret)
    secret = approve(company, secret)
    decision = gate.decide(company.colleague, Action.FILE_DOWNLOAD, secret_resource(secret, of="file"))
    assert decision.permitted
    assert secret_resource(secret).attributes["level"] == 0


def until(fixed_clock, day):
    """Move the clock to noon in Shanghai on `day`."""
    fixed_clock.moment = fixed_clock.moment.replace(
        year=day.year, month=day.month, day=day.day, hour=4, minute=0
    )


@pytest.mark.requirement("DEC-01", "PER-02")
def test_a_period_that_ends_is_told_three_times_and_declassifies_on_the_day_after(company, fixed_clock):
    secret = registered(company, period="P1Y", period_reason="the project ends")
    end = secret.period_ends_on
    assert end == date(2027, 3, 1)
    assert expiry_run() == (0, 0)
    for days in (90, 30, 7):
        until(fixed_clock, end - timedelta(days=days))
        assert expiry_run() == (1, 0)
        assert expiry_run() == (0, 0)
    told = Notification.objects.filter(message=MESSAGES["expires_soon"])
    assert told.filter(user=company.owner).count() == told.filter(user=company.officer).count() == 3
    until(fixed_clock, end)
    assert expiry_run() == (0, 0)  # the last secret day
    assert TradeSecret.objects.get(pk=secret.pk).state == State.REGISTERED
    until(fixed_clock, end + timedelta(days=1))
    tasks.daily()
    secret.refresh_from_db()
    assert (secret.state, secret.declassification_reason) == (State.DECLASSIFIED, "DEC-01")
    entry = entries_of(secret.ledger_subject).last()
    assert (entry.tag, entry.actor) == ("register:secret:expired", "system:register")
    assert Notification.objects.filter(message=MESSAGES["expired"], user=company.owner).exists()
    assert secret.declassification_acts.filter(measure="DEC-M2").count() == 2
    assert expiry_run() == (0, 0)


@pytest.mark.requirement("DEC-01")
def test_nothing_is_declassified_without_notice_beforehand(company, fixed_clock):
    secret = registered(company, period="P1Y", period_reason="the project ends")
    until(fixed_clock, secret.period_ends_on + timedelta(days=5))  # nothing ran for a year
    assert not secret_expire(secret_id=secret.pk)
    assert expiry_run() == (1, 0)
    assert expiry_run() == (0, 0)
    fixed_clock.advance(timedelta(days=1))
    assert expiry_run() == (0, 1)


def test_the_day_is_that_of_the_legal_entity(company, fixed_clock):
    secret = registered(company, period="P1Y", period_reason="the project ends")
    until(fixed_clock, secret.period_ends_on - timedelta(days=7))
    expiry_run()
    fixed_clock.moment = fixed_clock.moment.replace(month=3, day=1, hour=15, minute=59)  # 23:59 in Shanghai
    assert expiry_run() == (0, 0)
    fixed_clock.advance(timedelta(minutes=2))  # midnight has passed there, not in UTC
    assert expiry_run() == (0, 1)


def test_an_open_change_lapses_when_the_secret_ends(company, fixed_clock):
    secret = registered(company, period="P1Y", period_reason="the project ends")
    until(fixed_clock, secret.period_ends_on - timedelta(days=7))
    expiry_run()
    change = declassification(company, secret)
    until(fixed_clock, secret.period_ends_on + timedelta(days=1))
    assert expiry_run() == (0, 1)
    change.refresh_from_db()
    assert change.state == SecretChange.State.LAPSED
    with pytest.raises(StopIteration):
        decide(secret, company.officer)


@pytest.mark.requirement("PER-03")
def test_an_open_ended_period_never_ends_by_itself(company, fixed_clock):
    secret = registered(company, level="core")
    assert secret.period_ends_on is None
    fixed_clock.advance(timedelta(days=36_500))
    assert expiry_run() == (0, 0)
    assert not secret_expire(secret_id=secret.pk)


@pytest.fixture
def unpublished(company):
    return registered(
        company, period="until_publication", publication_event="专利公布", period_reason="patent filed"
    )


@pytest.mark.requirement("PER-03", "DEC-01")
def test_a_publication_is_recorded_by_one_and_confirmed_by_another(company, unpublished, fixed_clock):
    secret = unpublished
    day = fixed_clock.now().date() + timedelta(days=3)
    row = publication_record(
        actor=company.owner,
        secret_id=secret.pk,
        expected_version=secret.version,
        published_on=day,
        proof="公报",
    )
    assert expiry_run() == (0, 0)  # not confirmed
    for person, error in ((company.owner, NotPermittedError), (company.leader, NotPermittedError)):
        with pytest.raises(error):
            publication_confirm(actor=person, secret_id=secret.pk)
    assert publication_confirm(actor=company.officer, secret_id=secret.pk).state == State.REGISTERED
    with pytest.raises(PublicationConfirmedError):
        publication_confirm(actor=company.second_officer, secret_id=secret.pk)
    until(fixed_clock, day)
    assert expiry_run() == (0, 1)
    secret.refresh_from_db()
    assert secret.state == State.DECLASSIFIED
    row.refresh_from_db()
    assert row.confirmed_by == company.officer


def test_who_recorded_a_publication_does_not_confirm_it(company, unpublished, fixed_clock):
    publication_record(
        actor=company.officer, secret_id=unpublished.pk, expected_version=unpublished.version,
        published_on=fixed_clock.now().date(), proof="公报",
    )  # fmt: skip
    with pytest.raises(SamePersonError):
        publication_confirm(actor=company.officer, secret_id=unpublished.pk)
    ended = publication_confirm(actor=company.second_officer, secret_id=unpublished.pk)
    assert ended.state == State.DECLASSIFIED


def test_other_periods_do_not_end_with_a_publication(company, fixed_clock):
    secret = registered(company)
    with pytest.raises(PeriodOpenError):
        publication_record(
            actor=company.owner, secret_id=secret.pk, expected_version=secret.version,
            published_on=fixed_clock.now().date(), proof="公报",
        )  # fmt: skip
    waiting = proposed(company)
    with pytest.raises((NotPermittedError, ConflictError)):
        publication_confirm(actor=company.owner, secret_id=waiting.pk)
    assert draft(company).state == State.DRAFT
