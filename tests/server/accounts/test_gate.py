"""The gate: roles from grants, refusals with reasons, and no permission from a fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from shoumi.engine.policy import Action, Context, Role, resources
from shoumi.server.accounts import gate, services

LEDGER = resources.ledger()


@pytest.fixture
def auditor(holder_of):
    return holder_of(Role.AUDITOR)


def test_roles_come_from_grants_in_force(auditor, make_user, founders):
    assert gate.decide(auditor, Action.LEDGER_VIEW, LEDGER).permitted
    stranger = make_user("stranger")
    decision = gate.decide(stranger, Action.LEDGER_VIEW, LEDGER)
    assert not decision.permitted
    services.role_request(actor=founders[0], user=stranger, role=Role.AUDITOR, reason="asked only")
    assert not gate.decide(stranger, Action.LEDGER_VIEW, LEDGER).permitted


def test_a_grant_ends_by_itself(fixed_clock, holder_of):
    legal = holder_of(Role.LEGAL, ends_at=fixed_clock.now() + timedelta(days=1))
    assert gate.permits(legal, Action.LEDGER_VIEW, LEDGER)
    fixed_clock.advance(timedelta(days=1))
    assert not gate.permits(legal, Action.LEDGER_VIEW, LEDGER)
    assert Role.LEGAL not in gate.role_names(legal)


def test_nobody_signed_in_and_closed_accounts_are_refused_everything(auditor):
    assert gate.decide(AnonymousUser(), Action.LEDGER_STATUS, LEDGER).reasons == ("account-not-active",)
    auditor.is_active = False
    assert gate.decide(auditor, Action.LEDGER_STATUS, LEDGER).reasons == ("account-not-active",)


def test_a_refusal_carries_its_reasons_and_who_may(make_user, founders):
    with pytest.raises(gate.NotPermittedError) as caught:
        gate.require(make_user("ann"), Action.LEDGER_VIEW, LEDGER)
    error = caught.value
    assert error.reasons == ("no-rule-permits",)
    assert error.openings == ("read-ledger",)
    assert error.fields["action"] == "ledger.view"
    assert "No rule permits this." in error.detail


def test_what_asks_for_a_reason_is_refused_without_one(holder_of):
    legal = holder_of(Role.LEGAL)
    for purpose in ("", "   "):
        with pytest.raises(gate.NotPermittedError) as caught:
            gate.require(legal, Action.LEDGER_REVEAL, LEDGER, purpose=purpose)
        assert caught.value.reasons == ("purpose-missing",)
        assert caught.value.openings == ()
    assert gate.require(legal, Action.LEDGER_REVEAL, LEDGER, purpose="case 7").permitted


def test_a_fault_is_refused_and_sounds_the_alarm(auditor, caplog):
    with caplog.at_level("ERROR", "shoumi.policy"), pytest.raises(gate.NotPermittedError) as caught:
        gate.require(auditor, Action.LEDGER_VIEW, resources.key("k"))
    assert caught.value.decision.faulty
    assert caught.value.reasons == ("rule-not-evaluable",)
    assert "policy fault" in caplog.text
    assert "ledger.view" in caplog.text


def test_roles_are_looked_up_once_per_request(auditor, django_assert_num_queries):
    with gate.remembered_subjects(), django_assert_num_queries(1):
        for _ in range(3):
            assert gate.permits(auditor, Action.LEDGER_VIEW, LEDGER)
        assert all(item.permitted for item in gate.decide_each(auditor, [(Action.LEDGER_VIEW, LEDGER)] * 3))


def test_a_changed_role_counts_within_the_same_request(auditor, founders):
    (grant,) = auditor.role_grants.all()
    with gate.remembered_subjects():
        assert gate.permits(auditor, Action.LEDGER_VIEW, LEDGER)
        services.role_revoke(actor=founders[0], grant=grant, reason="over")
        fresh = type(auditor).objects.get(pk=auditor.pk)
        assert not gate.permits(fresh, Action.LEDGER_VIEW, LEDGER)


def test_a_service_inside_a_request_shares_its_memory(auditor, founders, django_assert_num_queries):
    with gate.remembered_subjects():
        assert gate.permits(auditor, Action.LEDGER_VIEW, LEDGER)
        with django_assert_num_queries(0), gate.remembered_subjects():
            assert gate.permits(auditor, Action.LEDGER_VIEW, LEDGER)
        (grant,) = auditor.role_grants.all()
        with gate.remembered_subjects():
            services.role_revoke(actor=founders[0], grant=grant, reason="over")
        assert not gate.permits(type(auditor).objects.get(pk=auditor.pk), Action.LEDGER_VIEW, LEDGER)


def test_the_configured_loader_says_who_a_user_is(auditor, settings):
    settings.SHOUMI_SUBJECT_LOADER = "tests.server.accounts.loaders.nobody"
    assert not gate.permits(auditor, Action.LEDGER_VIEW, LEDGER)


def test_the_time_of_the_context_counts(fixed_clock, holder_of):
    legal = holder_of(Role.LEGAL, ends_at=fixed_clock.now() + timedelta(days=1))
    later = Context(fixed_clock.now() + timedelta(days=2))
    assert not gate.decide(legal, Action.LEDGER_VIEW, LEDGER, later).permitted
