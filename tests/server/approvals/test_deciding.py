"""Deciding: the way through the steps, quorum, four eyes, and everybody who tries to get in."""

from __future__ import annotations

import uuid

import pytest
from tests.server.approvals.company import KIND, LAB, RND, handlers, opened

from shoumi.engine.errors import ConflictError, RefusalError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.models import Approval
from shoumi.server.approvals.queries import current_step, deciders_of, earlier_deciders_of
from shoumi.server.approvals.services import (
    ReasonError,
    RequestClosedError,
    StepMovedOnError,
    request_decide,
    requests_decide,
)
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification

pytestmark = pytest.mark.django_db


def decide(request, actor, verdict="approve", reason="because", **more):
    return request_decide(request=request, actor=actor, verdict=verdict, reason=reason, **more)


def at_approval(company, **changes):
    request = opened(company, **changes)
    decide(request, company.officer)
    return request


def told(user):
    return list(
        Notification.objects.filter(user=user).order_by("created_at").values_list("message", flat=True)
    )


def tags(request):
    return list(
        LedgerEntry.objects.filter(subject=request.subject).order_by("index").values_list("tag", flat=True)
    )


@pytest.mark.requirement("IDN-02", "IDN-03")
def test_the_way_through_review_and_approval(company, calls):
    request = opened(company)
    assert deciders_of(request.subject) == {
        str(user.pk) for user in (company.officer, company.officer_two, company.both)
    }
    decide(request, company.officer)
    request.refresh_from_db()
    assert (request.state, current_step(request).name) == ("open", "approve")
    decide(request, company.leader)
    request.refresh_from_db()
    assert request.state == "approved"
    assert request.closed_at is not None
    assert calls == [("step", "open", "approve"), ("approved", "approved", company.leader)]
    assert tags(request) == [
        "approvals:request:opened",
        "approvals:decision:approved",
        "approvals:decision:approved",
    ]
    assert deciders_of(request.subject) == set()
    assert earlier_deciders_of(request.pk) == {str(company.officer.pk), str(company.leader.pk)}
    assert any("waits for your decision" in text for text in told(company.leader_two))
    assert any("is approved" in text for text in told(company.wang))


@pytest.mark.requirement("LVL-03")
def test_a_quorum_of_two_takes_two_different_leaders(company, calls):
    request = at_approval(company, quorum=2)
    decide(request, company.leader)
    request.refresh_from_db()
    assert request.state == "open"
    with pytest.raises(NotPermittedError):
        decide(request, company.leader)
    decide(request, company.leader_two)
    request.refresh_from_db()
    assert request.state == "approved"
    assert calls[-1][0] == "approved"
    assert [call[0] for call in calls].count("approved") == 1


OUTSIDERS = (
    *("wang", "colleague", "officer_jp", "leader_jp", "department_officer"),
    *("it", "auditor", "hr", "counsel", "gone"),
)


@pytest.mark.parametrize("name", [*OUTSIDERS, "leader", "leader_rnd", "president"])
def test_nobody_but_the_office_reviews(company, name):
    request = opened(company)
    with pytest.raises(RefusalError):
        decide(request, getattr(company, name))
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    "name", [*OUTSIDERS, "officer", "officer_two", "leader_rnd", "leader_sales", "was_leader", "leader_to_be"]
)
def test_nobody_but_leaders_of_the_entity_approve(company, name):
    request = at_approval(company)
    with pytest.raises(RefusalError):
        decide(request, getattr(company, name))
    assert Approval.objects.count() == 1


@pytest.mark.parametrize("name", ["leader_rnd", "leader", "president"])
def test_where_the_department_is_enough_its_leader_and_those_above_approve(company, name):
    request = at_approval(company, scope=LAB)
    decide(request, getattr(company, name))
    request.refresh_from_db()
    assert request.state == "approved"


@pytest.mark.parametrize("name", ["leader_sales", "leader_jp"])
def test_where_the_department_is_enough_leaders_of_others_do_not(company, name):
    request = at_approval(company, scope=RND)
    with pytest.raises(NotPermittedError):
        decide(request, getattr(company, name))


@pytest.mark.requirement("IDN-03")
@pytest.mark.parametrize("name", ["officer", "both"])
def test_nobody_decides_what_they_proposed(company, name):
    requester = getattr(company, name)
    request = opened(company, requester=requester)
    with pytest.raises(NotPermittedError) as refused:
        decide(request, requester)
    assert "not-own-request" in refused.value.reasons
    decide(request, company.officer_two)
    if name == "both":
        with pytest.raises(NotPermittedError) as refused:
            decide(request, requester)
        assert "not-own-request" in refused.value.reasons


def test_nobody_decides_two_steps_of_one_request_by_two_roles(company):
    request = opened(company)
    decide(request, company.both)
    with pytest.raises(NotPermittedError) as refused:
        decide(request, company.both)
    assert "one-decision-each" in refused.value.reasons


def test_who_took_part_in_the_proposal_does_not_decide(company):
    request = opened(company, barred=[company.officer])
    with pytest.raises(ConflictError):
        decide(request, company.officer)
    decide(request, company.officer_two)


@pytest.mark.parametrize("verdict", ["return", "reject"])
def test_sending_back_and_rejecting_end_the_request_with_their_reason(company, calls, verdict):
    request = opened(company)
    decide(request, company.officer, verdict, "the search record is missing")
    request.refresh_from_db()
    state = {"return": "returned", "reject": "rejected"}[verdict]
    assert (request.state, request.outcome_reason) == (state, "the search record is missing")
    assert calls == [(state, state, company.officer, "the search record is missing")]
    assert list(request.steps.order_by("ordinal").values_list("state", flat=True)) == [state, "closed"]
    row = Notification.objects.filter(user=company.wang).latest("created_at")
    assert row.parameters["reason"] == "the search record is missing"
    with pytest.raises(RequestClosedError):
        decide(request, company.officer_two)


@pytest.mark.parametrize(
    ("verdict", "reason"), [("return", ""), ("reject", "  "), ("approve", "x" * 2001), ("return", "x" * 2001)]
)
def test_a_reason_is_needed_and_not_endless(company, verdict, reason):
    request = opened(company)
    with pytest.raises(ReasonError):
        decide(request, company.officer, verdict, reason)
    assert not Approval.objects.exists()


def test_an_unknown_verdict_is_refused(company):
    with pytest.raises(ValueError, match="perhaps"):
        decide(opened(company), company.officer, "perhaps")


def test_if_the_app_behind_it_fails_nothing_was_decided(company, calls):
    request = at_approval(company)
    before = tags(request)
    calls.failing = True
    with pytest.raises(RuntimeError):
        decide(request, company.leader)
    request.refresh_from_db()
    assert (request.state, current_step(request).name) == ("open", "approve")
    assert Approval.objects.count() == 1
    assert tags(request) == before
    assert not any("is approved" in text for text in told(company.wang))


def test_a_page_of_an_earlier_step_decides_nothing(company):
    request = opened(company)
    seen = current_step(request).pk
    decide(request, company.officer)
    with pytest.raises(StepMovedOnError):
        decide(request, company.both, step_id=seen)
    with pytest.raises(NotPermittedError):
        decide(request, company.colleague, step_id=seen)
    assert Approval.objects.count() == 1


def test_a_closed_request_is_a_conflict_for_who_may_see_it_and_a_refusal_for_others(company):
    request = at_approval(company)
    decide(request, company.leader)
    with pytest.raises(RequestClosedError):
        decide(request, company.leader_two)
    with pytest.raises(NotPermittedError):
        decide(request, company.colleague)


def test_a_step_for_named_persons_is_decided_by_them_only(company):
    from shoumi.server.approvals.services import StepPlan

    request = opened(company, steps=[StepPlan("consent", named=(company.hr, company.gone))])
    for name in ("officer", "leader", "president", "it", "gone"):
        with pytest.raises(RefusalError):
            decide(request, getattr(company, name))
    decide(request, company.hr)
    request.refresh_from_db()
    assert request.state == "approved"


@pytest.mark.requirement("GEN-05")
def test_the_ledger_says_who_decided_and_on_whose_behalf(company):
    request = opened(company)
    decide(request, company.officer)
    entry = LedgerEntry.objects.filter(tag="approvals:decision:approved").get()
    assert entry.actor == company.officer.ledger_actor
    assert entry.subject == request.subject
    assert b"Sintering" not in entry.body
    assert b"because" not in entry.body


def test_several_are_decided_each_by_itself_and_each_is_told(company, calls):
    fine, own = opened(company), opened(company, requester=company.officer)
    done = opened(company)
    decide(done, company.officer_two, "return", "not complete")
    results = requests_decide(requests=[fine, own, done], actor=company.officer, verdict="approve")
    codes = [result.error.code if result.error else None for result in results]
    assert codes == [None, "policy.not_permitted", "approvals.request_closed"]
    assert LedgerEntry.objects.filter(tag="policy:decision:refused").count() == 1


def test_what_is_too_important_is_not_approved_from_a_list(company, calls):
    from shoumi.server.approvals.services import register_kind

    register_kind(KIND, handlers(calls, in_bulk=lambda request: False))
    (result,) = requests_decide(requests=[opened(company)], actor=company.officer, verdict="approve")
    assert result.error.code == "approvals.decide_singly"
    assert not Approval.objects.exists()


def test_a_request_that_does_not_exist_is_not_decided(company):
    request = opened(company)
    request.pk = uuid.uuid4()
    with pytest.raises(type(request).DoesNotExist):
        decide(request, company.officer)
