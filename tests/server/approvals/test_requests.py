"""Opening, withdrawing and expiring; and passing on what is overdue."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.server.approvals.company import CN, KIND, handlers, opened

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.models import Approval, ApprovalRequest
from shoumi.server.approvals.queries import UnknownKindError, current_step, requests_of
from shoumi.server.approvals.services import (
    RemindedLatelyError,
    RequestClosedError,
    StepPlan,
    StepPlanError,
    WithdrawElsewhereError,
    register_kind,
    request_decide,
    request_escalate,
    request_expire,
    request_withdraw,
    requests_escalate,
)
from shoumi.server.approvals.tasks import hourly
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification

pytestmark = pytest.mark.django_db


def told(user, text):
    return Notification.objects.filter(user=user, message__contains=text).count()


def count(tag):
    return LedgerEntry.objects.filter(tag=f"approvals:request:{tag}").count()


def test_opening_opens_the_first_step_only(company, fixed_clock):
    request = opened(company)
    assert list(request.steps.order_by("ordinal").values_list("name", "state")) == [
        ("review", "open"),
        ("approve", "waiting"),
    ]
    assert request.due_at == current_step(request).due_at == fixed_clock.now() + timedelta(days=3)
    assert list(requests_of(request.subject)) == [request]
    for officer in (company.officer, company.officer_two, company.both):
        assert told(officer, "waits for your decision") == 1
    for other in (company.leader, company.officer_jp, company.it, company.gone, company.wang):
        assert told(other, "waits for your decision") == 0


@pytest.mark.parametrize("steps", [[], [StepPlan("review")], [StepPlan("review", "leader", CN, quorum=0)]])
def test_a_step_that_nobody_could_decide_is_refused(company, steps):
    with pytest.raises(StepPlanError):
        opened(company, steps=steps)
    assert not ApprovalRequest.objects.exists()


def test_a_kind_that_nobody_registered_is_refused(company):
    with pytest.raises(UnknownKindError):
        opened(company, kind="test.unknown")


def test_too_few_deciders_are_told_to_the_office(company):
    request = opened(company, steps=[StepPlan("approve", "leader", CN, quorum=9)])
    assert told(company.officer, "needs more persons") == 1
    assert Notification.objects.filter(message__contains="needs more").first().parameters["found"] == 5
    assert request.is_open


def test_the_requester_withdraws_and_the_deciders_are_told(company, calls):
    request = opened(company)
    request_withdraw(request=request, actor=company.wang, reason="not needed")
    request.refresh_from_db()
    assert (request.state, request.outcome_reason) == ("withdrawn", "not needed")
    assert calls == [("withdrawn", "withdrawn", company.wang)]
    assert told(company.officer, "withdrawn") == 1
    with pytest.raises(RequestClosedError):
        request_decide(request=request, actor=company.officer, verdict="approve")
    with pytest.raises(RequestClosedError):
        request_withdraw(request=request, actor=company.wang)


@pytest.mark.parametrize("name", ["colleague", "officer", "leader", "president", "it"])
def test_nobody_else_withdraws(company, name):
    request = opened(company)
    with pytest.raises(NotPermittedError):
        request_withdraw(request=request, actor=getattr(company, name))


def test_what_is_withdrawn_on_its_own_page_tells_the_app_only_once(company, calls):
    register_kind(KIND, handlers(calls, on_withdrawn=None))
    request = opened(company)
    with pytest.raises(WithdrawElsewhereError):
        request_withdraw(request=request, actor=company.wang)
    request_withdraw(request=request, actor=company.wang, from_subject=True)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert calls == []


def test_a_subject_that_is_gone_closes_its_request_once(company, calls):
    request = opened(company)
    request_expire(request_id=request.pk)
    assert request_expire(request_id=request.pk, actor=company.officer).state == "expired"
    assert request_expire(request_id=uuid.uuid4()) is None
    assert count("expired") == 1
    assert LedgerEntry.objects.get(tag="approvals:request:expired").actor == "system:approvals"
    assert calls == []


# --- overdue


def test_what_is_overdue_is_passed_on_once(company, fixed_clock):
    request = opened(company)
    fixed_clock.advance(timedelta(days=3))
    assert requests_escalate() == 0, "the last moment still counts"
    fixed_clock.advance(timedelta(seconds=1))
    hourly()
    hourly()
    request.refresh_from_db()
    assert request.state == "escalated"
    assert count("escalated") == 1
    assert told(company.officer, "is overdue and waits") == 1
    assert told(company.wang, "nobody has decided it in time") == 1
    assert told(company.officer, "nobody has decided it in time") == 0


def test_an_overdue_step_can_still_be_decided_and_the_next_has_its_own_time(company, fixed_clock):
    request = opened(company)
    fixed_clock.advance(timedelta(days=4))
    assert requests_escalate() == 1
    request_decide(request=request, actor=company.officer, verdict="approve")
    request.refresh_from_db()
    assert (request.state, request.due_at) == ("open", fixed_clock.now() + timedelta(days=3))
    assert requests_escalate() == 0
    fixed_clock.advance(timedelta(days=4))
    assert requests_escalate() == 1
    assert told(company.officer, "nobody has decided it in time") == 1
    assert told(company.leader, "is overdue and waits") == 1
    request_decide(request=request, actor=company.leader, verdict="approve")
    request.refresh_from_db()
    assert request.state == "approved"
    fixed_clock.advance(timedelta(days=9))
    assert requests_escalate() == 0


def test_the_office_reminds_by_hand_once_a_day(company, fixed_clock):
    request = opened(company)
    request_escalate(request=request, actor=company.officer_two)
    request.refresh_from_db()
    with pytest.raises(RemindedLatelyError):
        request_escalate(request=request, actor=company.officer)
    fixed_clock.advance(timedelta(days=1))
    request_escalate(request=request, actor=company.officer)
    assert told(company.both, "is overdue and waits") == 2


@pytest.mark.parametrize("name", ["wang", "leader", "officer_jp", "it", "auditor"])
def test_others_do_not_remind(company, name):
    with pytest.raises(NotPermittedError):
        request_escalate(request=opened(company), actor=getattr(company, name))


# --- what the database refuses whatever the code does


@pytest.mark.parametrize(
    ("again", "behalf"),
    [("officer", None), ("officer", "leader"), ("leader", "officer")],
    ids=["decides twice", "decides for another too", "is decided for"],
)
def test_the_database_counts_one_voice_and_one_decider_once(company, again, behalf):
    request = opened(company)
    request_decide(request=request, actor=company.officer, verdict="approve")
    first = Approval.objects.get()
    other = getattr(company, behalf) if behalf else None
    decider = getattr(company, again)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            request=request,
            step=first.step,
            decider=decider,
            on_behalf_of=other,
            voice_of=other or decider,
            verdict="approve",
            at=first.at,
        )


@pytest.mark.parametrize(
    "changes", [{"verdict": "reject"}, {"on_behalf_of": "officer"}, {"voice_of": "leader"}]
)
def test_the_database_refuses_a_decision_without_reason_or_with_a_false_voice(company, changes):
    request = opened(company)
    parts = {"decider": "officer", "voice_of": "officer", "on_behalf_of": None} | changes
    people = {
        key: getattr(company, name) if name else None for key, name in parts.items() if key != "verdict"
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            request=request,
            step=current_step(request),
            verdict=parts.get("verdict", "approve"),
            at=request.opened_at,
            **people,
        )
