"""Who may decide: persons found from the step, steps found from the person, and the rules all agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from tests.server.approvals.company import CN, HELD, JP, LAB, RND, opened

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.approvals.models import ApprovalRequest, ApprovalStep
from shoumi.server.approvals.queries import (
    authority_of,
    current_step,
    deciders_now,
    request_resource,
    requests_visible_to,
    step_resource,
    steps_to_decide,
    voices_left,
    waiting_count,
)
from shoumi.server.approvals.services import StepPlan, delegation_create, request_decide
from shoumi.server.approvals.views.lists import ToDecide
from shoumi.server.ledger.services import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _remembered(company):
    """Look each user's roles up once, as a request does; whoever changes a role forgets them."""
    with gate.remembered_subjects():
        yield


@pytest.fixture
def many(company):
    """Requests at every stage, with delegations across them."""
    now = clock().now()
    for giver, holder in (
        ("leader", "colleague"),
        ("leader", "wang"),
        ("officer", "leader_two"),
        ("wang", "officer_two"),
        ("both", "hr"),
        ("colleague", "leader_sales"),
    ):
        delegation_create(
            actor=getattr(company, giver),
            delegate=getattr(company, holder),
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(days=1),
        )
    requests = [
        opened(company),
        opened(company, requester=company.officer),
        opened(company, requester=company.leader, barred=[company.officer_two]),
        opened(company, steps=[StepPlan("review", "secrecy_officer", JP)], scope=JP),
        opened(company, steps=[StepPlan("consent", named=(company.hr, company.leader, company.gone))]),
        opened(company, steps=[StepPlan("check", "auditor", CN)]),
        opened(company, steps=[StepPlan("legal", "department_secrecy_officer", LAB)]),
    ]
    for quorum, scope, deciders in (
        (2, CN, ["officer"]),
        (2, CN, ["officer", "leader_two"]),
        (1, LAB, ["both"]),
        (1, RND, ["leader_two"]),  # on behalf of the officer
        (1, CN, ["officer", "leader"]),  # closed
    ):
        request = opened(company, quorum=quorum, scope=scope)
        for name in deciders:
            request_decide(request=request, actor=getattr(company, name), verdict="approve")
        requests.append(request)
    return requests


def users(company):
    return [getattr(company, name) for name in HELD]


def test_from_person_to_step_and_back_is_the_same(company, many):
    steps = {step.pk: step for step in ApprovalStep.objects.filter(state="open").select_related("request")}
    assert len(steps) == len(many) - 1
    forward = {(user.pk, step.pk) for step in steps.values() for user in deciders_now(step)}
    backward = {(user.pk, step.pk) for user in users(company) for step in steps_to_decide(user)}
    assert forward == backward
    assert len(forward) > 25
    for user in users(company):
        assert waiting_count(user) == sum(pair[0] == user.pk for pair in forward)
        for step in steps.values():
            assert (authority_of(user, step) is not None) == ((user.pk, step.pk) in forward)


def test_the_rules_permit_exactly_those_who_were_found(company, many):
    for request in many:
        request.refresh_from_db()
        step = current_step(request)
        if step is None:
            continue
        found, resource = {user.pk for user in deciders_now(step)}, step_resource(step)
        for user in users(company):
            permitted = gate.permits(user, Action.APPROVAL_DECIDE, resource)
            if user in request.barred.all():  # the rules do not know who took part in the proposal
                assert user.pk not in found
            else:
                assert permitted == (user.pk in found), (user, step.name)


def test_the_list_of_what_somebody_may_see_agrees_with_the_rules(company, many):
    found = [(request.pk, request_resource(request)) for request in ApprovalRequest.objects.all()]
    for user in users(company):
        listed = set(requests_visible_to(user).values_list("pk", flat=True))
        permitted = {pk for pk, resource in found if gate.permits(user, Action.APPROVAL_VIEW, resource)}
        assert listed == permitted, user


def test_who_must_not_decide_is_never_found(company, many):
    for step in ApprovalStep.objects.filter(state="open").select_related("request"):
        found = deciders_now(step)
        assert step.request.requester not in found
        assert not found & set(step.request.barred.all())
        names = {user.username for user in found}
        assert not names & {"it", "auditor", "gone", "counsel", "was_leader", "leader_to_be"}


def test_voices_are_those_of_right_holders_not_of_their_delegates(company):
    request = opened(company)
    assert voices_left(current_step(request)) == 3
    now = clock().now()
    delegation_create(
        actor=company.officer, delegate=company.hr, starts_at=now, ends_at=now + timedelta(days=1)
    )
    assert voices_left(current_step(request)) == 3
    request_decide(request=request, actor=company.hr, verdict="approve")
    request.refresh_from_db()
    assert current_step(request).name == "approve"


def test_a_right_ends_with_the_grant_and_the_account(company, fixed_clock):
    request = opened(company)
    step = current_step(request)
    assert authority_of(company.officer, step) is not None
    company.officer.role_grants.update(ends_at=fixed_clock.now() + timedelta(hours=1))
    fixed_clock.advance(timedelta(hours=1))
    gate.forget_subjects()
    assert authority_of(company.officer, step) is None
    company.officer_two.is_active = False
    company.officer_two.save()
    gate.forget_subjects()
    assert authority_of(company.officer_two, step) is None
    assert {user.username for user in deciders_now(step)} == {"both"}


def test_the_inbox_shows_the_most_urgent_first_in_few_queries(company, django_assert_max_num_queries):
    late = opened(company, steps=[StepPlan("review", "secrecy_officer", CN, due=timedelta(days=9))])
    soon = opened(company, steps=[StepPlan("review", "secrecy_officer", CN, due=timedelta(days=1))])
    for _ in range(30):
        opened(company)
    with django_assert_max_num_queries(7):
        listing = ToDecide(company.officer, QueryDict())
        lines = list(listing.lines())
    assert lines[0].key == str(soon.pk)
    assert lines[-1].key == str(late.pk)
