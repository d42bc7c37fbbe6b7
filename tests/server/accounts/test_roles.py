"""Roles by four eyes: asked for by one, approved by another, and no way around it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shoumi.engine.policy import Role
from shoumi.server.accounts import gate, queries, services
from shoumi.server.accounts.models import FourEyesState, RoleGrant
from shoumi.server.accounts.services import roles
from shoumi.server.ledger.queries import entries_of


@pytest.fixture
def ann(make_user):
    return make_user("ann")


def request_for(user, actor, role=Role.AUDITOR, **more):
    return services.role_request(actor=actor, user=user, role=role, reason="needed", **more)


def tags(grant):
    return [entry.tag for entry in entries_of(f"role_grant:{grant.pk}")]


def test_one_asks_another_approves(founders, ann):
    officer, leader = founders
    grant = request_for(ann, officer)
    assert grant.state == FourEyesState.REQUESTED
    grant = services.role_approve(actor=leader, grant=grant, reason="agreed")
    assert (grant.state, grant.approved_by) == (FourEyesState.APPROVED, leader)
    assert gate.role_names(ann) == [Role.AUDITOR, Role.EMPLOYEE]
    assert sorted(tags(grant)) == ["accounts:role:approved", "accounts:role:requested"]


def test_nobody_approves_what_they_asked_for_or_would_receive(founders, ann, holder_of):
    officer, _leader = founders
    grant = request_for(ann, officer)
    with pytest.raises(gate.NotPermittedError) as caught:
        services.role_approve(actor=officer, grant=grant)
    assert caught.value.reasons == ("second-person-for-role",)
    second = holder_of(Role.SECRECY_OFFICER, username="second")
    for_second = request_for(second, officer, Role.LEGAL)
    with pytest.raises(gate.NotPermittedError) as caught:
        services.role_approve(actor=second, grant=for_second)
    assert caught.value.reasons == ("second-person-for-role",)
    assert RoleGrant.objects.get(pk=grant.pk).state == FourEyesState.REQUESTED


def test_an_ordinary_user_neither_asks_nor_approves(founders, ann):
    with pytest.raises(gate.NotPermittedError):
        request_for(ann, ann, Role.LEADER)
    grant = request_for(ann, founders[0])
    with pytest.raises(gate.NotPermittedError):
        services.role_refuse(actor=ann, grant=grant, reason="no")


def test_the_database_itself_holds_to_four_eyes(founders, ann):
    grant = request_for(ann, founders[0])
    for approver in (founders[0], ann, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.filter(pk=grant.pk).update(state="approved", approved_by=approver)


def test_a_leader_of_one_entity_grants_nothing_in_another(founders, ann, holder_of, settings):
    leader_cn = holder_of(Role.LEADER, "entity:cn", "leader-cn")
    in_cn = request_for(ann, founders[0], scope="entity:cn")
    in_jp = request_for(ann, founders[0], scope="entity:jp")
    everywhere = request_for(ann, founders[0])
    for grant in (in_jp, everywhere):
        with pytest.raises(gate.NotPermittedError):
            services.role_approve(actor=leader_cn, grant=grant)
    assert services.role_approve(actor=leader_cn, grant=in_cn).state == FourEyesState.APPROVED
    assert queries.waiting_grants(leader_cn) == []
    settings.SHOUMI_PLACES_LOADER = "tests.server.accounts.loaders.above"
    leader_1 = holder_of(Role.LEADER, "entity:1", "leader1")
    below = request_for(ann, founders[0], Role.DEPARTMENT_OWNER, scope="department:9")
    assert [item.pk for item in queries.waiting_grants(leader_1)] == [below.pk, in_jp.pk]


def test_a_decided_grant_is_not_decided_again(founders, ann):
    officer, leader = founders
    grant = services.role_refuse(actor=leader, grant=request_for(ann, officer), reason="not needed")
    with pytest.raises(roles.GrantStateError):
        services.role_approve(actor=leader, grant=grant)
    with pytest.raises(roles.GrantStateError):
        services.role_withdraw(actor=officer, grant=grant)
    assert gate.role_names(ann) == [Role.EMPLOYEE]


def test_the_same_role_is_not_asked_for_twice(founders, ann):
    request_for(ann, founders[0])
    with pytest.raises(roles.GrantExistsError):
        request_for(ann, founders[1])
    request_for(ann, founders[0], scope="entity:cn")


def test_a_request_is_withdrawn_and_can_be_made_again(founders, ann):
    grant = services.role_withdraw(actor=founders[0], grant=request_for(ann, founders[0]))
    assert grant.state == FourEyesState.WITHDRAWN
    assert request_for(ann, founders[0]).state == FourEyesState.REQUESTED


def test_one_person_is_enough_to_take_away(founders, holder_of):
    auditor = holder_of(Role.AUDITOR)
    (grant,) = auditor.role_grants.all()
    services.role_revoke(actor=founders[1], grant=grant, reason="moved on")
    assert gate.role_names(auditor) == [Role.EMPLOYEE]
    assert tags(grant).count("accounts:role:revoked") == 1


def test_the_last_officer_and_the_last_leader_stay(founders, holder_of):
    officer, leader = founders
    for user, other in ((officer, leader), (leader, officer)):
        (grant,) = user.role_grants.all()
        with pytest.raises(roles.LastOfficerError):
            services.role_revoke(actor=other, grant=grant, reason="go")
    holder_of(Role.SECRECY_OFFICER, username="second")
    (grant,) = officer.role_grants.all()
    assert services.role_revoke(actor=leader, grant=grant, reason="go").state == FourEyesState.REVOKED


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "somewhere"},
        {"ends_at": "before"},
        {"role": Role.OUTSIDE_COUNSEL},
        {"role": Role.OUTSIDE_COUNSEL, "scope": "case:7"},
        {"role": Role.OUTSIDE_COUNSEL, "ends_at": "later"},
    ],
)
def test_what_cannot_be_is_not_asked_for(fixed_clock, founders, ann, wrong):
    days = {"before": -1, "later": 1}
    if "ends_at" in wrong:
        wrong = wrong | {"ends_at": fixed_clock.now() + timedelta(days=days[wrong["ends_at"]])}
    with pytest.raises(roles.GrantFormError):
        request_for(ann, founders[0], **wrong)


def test_an_installation_is_founded_once(founders, make_user):
    with pytest.raises(roles.AlreadyFoundedError):
        services.installation_found(officer=make_user("x"), leader=make_user("y"))


def test_officer_and_leader_are_two(make_user):
    both = make_user("both")
    with pytest.raises(roles.GrantFormError):
        services.installation_found(officer=both, leader=both)
    assert not queries.installation_is_founded()
