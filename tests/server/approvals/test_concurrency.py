"""Two who decide at once: never counted double, and the second is told plainly; on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from tests.server.approvals.company import opened

from shoumi.engine.errors import ConflictError, RefusalError
from shoumi.server.approvals.models import Approval
from shoumi.server.approvals.queries import current_step
from shoumi.server.approvals.services import (
    StepMovedOnError,
    deciding,
    escalation,
    request_decide,
    request_withdraw,
    requests_escalate,
)
from shoumi.server.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together(monkeypatch):
    """Run calls in threads of which all have been permitted before the first begins its transaction."""

    def run(*calls):
        gathered = threading.Barrier(len(calls), timeout=30)
        permit = deciding._require

        def permit_and_wait(*arguments):
            permit(*arguments)
            gathered.wait()

        monkeypatch.setattr(deciding, "_require", permit_and_wait)
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(closing, calls))

    return run


def closing(call):
    """Return what the call returned or raised, and give the thread's connection back."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - the tests look at what it was
        return error
    finally:
        connection.close()


def decision(request, actor, verdict="approve"):
    step = current_step(request).pk
    return lambda: request_decide(
        request=request, actor=actor, verdict=verdict, reason="because", step_id=step
    )


def reviewed(company, **changes):
    request = opened(company, **changes)
    request_decide(request=request, actor=company.officer, verdict="approve")
    return request


def test_of_two_for_one_place_one_decides_and_one_is_told(company, calls, together):
    request = reviewed(company)
    results = together(decision(request, company.leader), decision(request, company.leader_two))
    assert sorted(isinstance(result, ConflictError) for result in results) == [False, True], results
    request.refresh_from_db()
    assert request.state == "approved"
    assert request.approvals.count() == 2
    assert [call[0] for call in calls] == ["step", "approved"]
    assert LedgerEntry.objects.filter(tag="approvals:decision:approved").count() == 2


def test_of_two_for_two_places_both_count(company, calls, together):
    request = reviewed(company, quorum=2)
    results = together(decision(request, company.leader), decision(request, company.leader_two))
    assert [type(result) for result in results] == [Approval, Approval], results
    request.refresh_from_db()
    assert request.state == "approved"
    assert [call[0] for call in calls] == ["step", "approved"]


def test_one_person_in_two_windows_counts_once(company, together):
    request = reviewed(company, quorum=2)
    results = together(decision(request, company.leader), decision(request, company.leader))
    assert sorted(isinstance(result, ConflictError | RefusalError) for result in results) == [False, True], (
        results
    )
    assert request.approvals.filter(decider=company.leader).count() == 1
    request.refresh_from_db()
    assert request.is_open


def test_approving_and_rejecting_at_once_ends_in_one_of_them(company, calls, together):
    request = reviewed(company)
    results = together(decision(request, company.leader), decision(request, company.leader_two, "reject"))
    assert sorted(isinstance(result, ConflictError) for result in results) == [False, True], results
    request.refresh_from_db()
    assert request.state in {"approved", "rejected"}
    assert [call[0] for call in calls] == ["step", request.state]


def test_deciding_and_withdrawing_at_once_ends_in_one_of_them(company, calls, together):
    request = reviewed(company)
    withdrawal = partial(request_withdraw, request=request, actor=company.wang)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(closing, (decision(request, company.leader), withdrawal)))
    assert sum(isinstance(result, ConflictError | RefusalError) for result in results) == 1, results
    request.refresh_from_db()
    assert request.state in {"approved", "withdrawn"}
    assert [call[0] for call in calls] == ["step", request.state]


def test_a_step_that_moves_on_between_permission_and_lock_is_not_decided_unawares(company, monkeypatch):
    request = opened(company)
    permit = deciding._require

    def permit_then_be_overtaken(*arguments):
        permit(*arguments)
        monkeypatch.setattr(deciding, "_require", permit)
        request_decide(request=request, actor=company.officer, verdict="approve")

    monkeypatch.setattr(deciding, "_require", permit_then_be_overtaken)
    with pytest.raises(StepMovedOnError):  # as a leader this person could decide the next step
        decision(request, company.both)()
    assert [approval.decider for approval in request.approvals.all()] == [company.officer]


def test_two_workers_pass_on_what_is_overdue_once(company, fixed_clock, monkeypatch):
    opened(company)
    fixed_clock.advance(timedelta(days=4))
    seen_by_both = list(escalation.overdue_steps(fixed_clock.now()))
    assert requests_escalate() == 1
    monkeypatch.setattr(escalation, "overdue_steps", lambda now: seen_by_both)
    assert requests_escalate() == 0
    assert LedgerEntry.objects.filter(tag="approvals:request:escalated").count() == 1
