"""Standing in: a delegate decides on behalf, gains nothing else, and opens no way around four eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.approvals.company import KIND, opened

from shoumi.engine.errors import RefusalError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.models import Delegation
from shoumi.server.approvals.services import (
    DelegateUnfitError,
    DelegationKindError,
    DelegationOverError,
    DelegationTimesError,
    delegation_create,
    delegation_end,
    request_decide,
)
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.models import Notification

pytestmark = pytest.mark.django_db


def delegate(giver, holder, **changes):
    now = clock().now()
    times = {"starts_at": now, "ends_at": now + timedelta(days=7)}
    return delegation_create(actor=giver, delegate=holder, **times | changes)


def decide(request, actor, verdict="approve", reason="because"):
    return request_decide(request=request, actor=actor, verdict=verdict, reason=reason)


def at_approval(company, **changes):
    request = opened(company, **changes)
    decide(request, company.officer)
    return request


def test_a_delegate_decides_on_behalf_and_the_record_says_so(company):
    delegate(company.leader, company.colleague)
    request = at_approval(company)
    approval = decide(request, company.colleague)
    assert (approval.decider, approval.on_behalf_of, approval.voice_of) == (
        company.colleague,
        company.leader,
        company.leader,
    )
    request.refresh_from_db()
    assert request.state == "approved"


def test_own_right_goes_before_a_borrowed_one(company):
    delegate(company.leader, company.leader_two)
    approval = decide(at_approval(company), company.leader_two)
    assert approval.on_behalf_of is None


def test_one_voice_is_counted_once_whoever_raises_it(company):
    delegate(company.leader, company.colleague)
    request = at_approval(company, quorum=2)
    decide(request, company.colleague)
    for again in (company.leader, company.colleague):
        with pytest.raises(RefusalError):
            decide(request, again)
    decide(request, company.leader_two)
    request.refresh_from_db()
    assert request.state == "approved"


def test_two_delegates_of_one_leader_are_one_voice(company):
    delegate(company.leader, company.colleague)
    delegate(company.leader, company.hr)
    request = at_approval(company, quorum=2)
    decide(request, company.colleague)
    with pytest.raises(RefusalError):
        decide(request, company.hr)


def test_one_delegate_of_two_leaders_is_one_pair_of_eyes(company):
    delegate(company.leader, company.colleague)
    delegate(company.leader_two, company.colleague)
    request = at_approval(company, quorum=2)
    decide(request, company.colleague)
    with pytest.raises(RefusalError):
        decide(request, company.colleague)


@pytest.mark.requirement("IDN-03")
def test_the_requester_does_not_decide_as_somebodys_delegate(company):
    delegate(company.leader, company.wang)
    request = at_approval(company)
    with pytest.raises(NotPermittedError) as refused:
        decide(request, company.wang)
    assert "not-own-request" in refused.value.reasons


@pytest.mark.requirement("IDN-03")
def test_nobody_decides_for_the_requester(company):
    delegate(company.leader, company.colleague)
    request = at_approval(company, requester=company.leader)
    with pytest.raises(NotPermittedError):
        decide(request, company.colleague)
    decide(request, company.leader_two)


def test_who_reviewed_does_not_approve_as_a_delegate(company):
    delegate(company.leader, company.officer)
    request = at_approval(company)
    with pytest.raises(NotPermittedError) as refused:
        decide(request, company.officer)
    assert "one-decision-each" in refused.value.reasons


def test_a_voice_lent_for_the_review_is_gone_for_the_approval(company):
    delegate(company.both, company.colleague)
    request = opened(company)
    decide(request, company.colleague)
    for used in (company.both, company.colleague):
        with pytest.raises(RefusalError):
            decide(request, used)


def test_a_delegation_is_not_passed_on(company):
    delegate(company.leader, company.colleague)
    delegate(company.colleague, company.hr)
    with pytest.raises(NotPermittedError):
        decide(at_approval(company), company.hr)


def test_it_holds_in_its_time_only(company, fixed_clock):
    day = timedelta(days=1)
    delegate(
        company.leader,
        company.colleague,
        starts_at=fixed_clock.now() + day,
        ends_at=fixed_clock.now() + 2 * day,
    )
    request = at_approval(company)
    with pytest.raises(NotPermittedError):
        decide(request, company.colleague)
    fixed_clock.advance(2 * day)
    with pytest.raises(NotPermittedError):
        decide(request, company.colleague)
    fixed_clock.advance(-day)
    decide(request, company.colleague)


def test_it_holds_for_its_kinds_only(company, calls):
    from tests.server.approvals.company import handlers

    from shoumi.server.approvals.services import register_kind

    register_kind("test.other", handlers(calls))
    delegate(company.officer, company.colleague, kinds=["test.other"])
    with pytest.raises(NotPermittedError):
        decide(opened(company), company.colleague)
    decide(opened(company, kind="test.other"), company.colleague)


@pytest.mark.parametrize("who", ["giver", "holder"])
def test_either_of_the_two_ends_it(company, who):
    delegation = delegate(company.leader, company.colleague)
    request = at_approval(company)
    actor = company.leader if who == "giver" else company.colleague
    delegation_end(delegation=delegation, actor=actor)
    with pytest.raises(NotPermittedError):
        decide(request, company.colleague)
    with pytest.raises(DelegationOverError):
        delegation_end(delegation=delegation, actor=actor)
    tags = LedgerEntry.objects.filter(subject=f"delegation:{delegation.pk}").order_by("index")
    assert list(tags.values_list("tag", flat=True)) == [
        "approvals:delegation:created",
        "approvals:delegation:ended",
    ]


@pytest.mark.parametrize("name", ["wang", "leader_two", "officer", "president", "it", "auditor"])
def test_nobody_else_ends_it(company, name):
    delegation = delegate(company.leader, company.colleague)
    with pytest.raises(NotPermittedError):
        delegation_end(delegation=delegation, actor=getattr(company, name))
    assert Delegation.objects.get().ended_at is None


def test_it_ends_with_the_delegators_right(company):
    delegate(company.leader, company.colleague)
    company.leader.role_grants.update(state="revoked")
    with pytest.raises(NotPermittedError):
        decide(at_approval(company), company.colleague)


def test_it_ends_with_the_delegators_account(company):
    delegate(company.leader, company.colleague)
    company.leader.is_active = False
    company.leader.save()
    with pytest.raises(NotPermittedError):
        decide(at_approval(company), company.colleague)


@pytest.mark.parametrize("name", ["leader", "it", "auditor", "counsel", "gone"])
def test_some_cannot_stand_in(company, name):
    with pytest.raises(DelegateUnfitError):
        delegate(company.leader, getattr(company, name))
    assert not Delegation.objects.exists()


def test_who_becomes_an_administrator_later_decides_no_more(company):
    delegate(company.leader, company.colleague)
    grant = company.it.role_grants.get()
    grant.pk, grant.user = None, company.colleague
    grant.save(force_insert=True)
    with pytest.raises(NotPermittedError):
        decide(at_approval(company), company.colleague)


def test_who_is_locked_out_delegates_nothing(company):
    with pytest.raises(NotPermittedError):
        delegate(company.gone, company.colleague)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 0), (1, -1), (-9, -1), (0, 181), (-2, 179)],
    ids=["no time", "turned", "past", "long", "long too"],
)
def test_times_are_checked(company, start, end):
    now, day = clock().now(), timedelta(days=1)
    with pytest.raises(DelegationTimesError):
        delegate(company.leader, company.colleague, starts_at=now + start * day, ends_at=now + end * day)


def test_an_unknown_kind_is_refused(company):
    with pytest.raises(DelegationKindError):
        delegate(company.leader, company.colleague, kinds=[KIND, "test.nothing"])


def test_delegate_and_office_are_told(company):
    delegate(company.leader, company.colleague)
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {"colleague", "officer", "officer_two", "both"}
