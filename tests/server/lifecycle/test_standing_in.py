"""Whoever stands in for somebody who is away does their steps of cases, and no more than they could."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.lifecycle.company import now, step_of

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.models import Delegation
from shoumi.server.approvals.services.delegations import delegation_create, delegation_end
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.models import CaseStep
from shoumi.server.lifecycle.queries.access import case_resource, cases_visible_to, step_resource, tasks_of
from shoumi.server.lifecycle.services.recording import Done, step_record
from shoumi.server.notifications.models import Notification


def away(delegator, delegate, **more) -> Delegation:
    ends = clock().now() + timedelta(days=7)
    return delegation_create(actor=delegator, delegate=delegate, starts_at=now(), ends_at=ends, **more)


def keys(user, case) -> set[str]:
    return set(tasks_of(user).filter(case=case).values_list("key", flat=True))


@pytest.mark.any_database  # lists and rules agree on both
def test_the_steps_of_who_is_away_go_to_who_stands_in_until_it_ends(company):
    row = away(company.officer, company.seller, reason="休假")
    case = company.leaving()
    decision, talk = step_of(case, "cool-down-start"), step_of(case, "leaving-talk")
    assert keys(company.seller, case) == keys(company.officer, case) >= {decision.key, talk.key}
    assert Notification.objects.filter(user=company.seller, link=talk.get_absolute_url()).count() == 1
    users = (company.seller, company.officer, company.leaver, company.technician, company.head)
    for user in users:
        seen = set(cases_visible_to(user))
        assert gate.permits(user, Action.PERSON_CASE_SEE, case_resource(case)) == (case in seen)
        for step in case.steps.select_related(
            "case__person__user", "case__entity", "case__department__entity"
        ):
            may = gate.permits(user, Action.PERSON_STEP_RECORD, step_resource(step))
            assert may == (step.key in keys(user, case)) or step.signers or step.receives, (user, step.key)
    delegation_end(delegation=row, actor=company.officer)
    assert keys(company.seller, case) == set()
    with pytest.raises(NotPermittedError):
        step_record(actor=company.seller, step=decision, done=Done(note="按两年执行"))
    away(company.officer, company.seller)
    step_record(actor=company.seller, step=decision, done=Done(note="按两年执行"))
    decision.refresh_from_db()
    assert decision.state == CaseStep.State.DONE


def test_nobody_stands_in_in_their_own_case_nor_by_a_delegation_for_requests_only(company):
    case = company.leaving()
    away(company.legal, company.leaver)
    away(company.legal, company.witness, kinds=["register.secret"])
    assert "non-compete-decision" not in keys(company.leaver, case) | keys(company.witness, case)
    step = step_of(case, "non-compete-decision")
    for user in (company.leaver, company.witness):
        assert not gate.permits(user, Action.PERSON_STEP_RECORD, step_resource(step))
