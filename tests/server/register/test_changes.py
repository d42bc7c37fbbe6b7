"""What holds is changed by the same three steps, and the old version is kept."""

from __future__ import annotations

import pytest
from tests.server.register.company import approve, decide, draft, grading, registered

from shoumi.engine.errors import ConflictError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.notifications.models import Notification
from shoumi.server.register.models import SecretChange, TradeSecret
from shoumi.server.register.queries.changes import differences
from shoumi.server.register.queries.snapshot import reconcile
from shoumi.server.register.services import changes
from shoumi.server.register.services.editing import SecretChangedError
from shoumi.server.register.services.notices import MESSAGES
from shoumi.server.register.values import Limits, ScopeValue

State, ChangeState = TradeSecret.State, SecretChange.State


def wish(company, *, departments=None, given=None, **limits):
    scope = tuple(ScopeValue("departments", str(row.pk)) for row in departments or (company.lab,))
    return changes.wish_of(
        limits=Limits(**{"period": "P5Y", "scope": scope, **limits}), grading=given, custodian=None
    )


def asked(company, secret, wished, *, actor=None, reason="now in production"):
    return changes.change_open(
        actor=actor or company.owner, secret_id=secret.pk, expected_version=secret.version, wished=wished,
        reason=reason,
    )  # fmt: skip


@pytest.mark.requirement("CHG-01", "CHG-02", "SCP-01")
def test_a_change_holds_after_the_three_steps_with_two_new_filings(company):
    secret = registered(company)
    end = secret.period_ends_on
    wished = wish(company, departments=(company.lab, company.sales), period="P7Y", period_reason="longer use")
    change = asked(company, secret, wished)
    secret.refresh_from_db()
    assert (secret.state, secret.period_ends_on) == (State.CHANGING, end)
    assert {row.label for row in differences(secret, change.wished)}
    decide(secret, company.officer)
    change.refresh_from_db()
    assert change.state == ChangeState.AWAITING_APPROVAL
    decide(secret, company.leader)
    secret.refresh_from_db()
    change.refresh_from_db()
    assert (secret.state, change.state) == (State.REGISTERED, ChangeState.APPLIED)
    assert secret.period_ends_on.year == end.year + 2
    assert secret.scope.count() == 2
    first, second = secret.versions.order_by("ordinal")
    assert (first.snapshot["period"]["code"], second.snapshot["period"]["code"]) == ("P5Y", "P7Y")
    assert reconcile(first) == reconcile(second) == []
    assert second.filings.count() == 2
    assert secret.number == first.snapshot["number"] == second.snapshot["number"]
    told = Notification.objects.filter(message=MESSAGES["in_scope"], user=company.seller)
    assert told.count() == 1
    assert entries_of(secret.ledger_subject).filter(tag="register:change:applied").exists()


@pytest.mark.requirement("CHG-01", "LVL-03")
def test_a_higher_level_is_approved_by_its_own_quorum(company):
    secret = registered(company)
    person = ScopeValue("persons", str(company.head.person.pk))
    wished = changes.wish_of(
        limits=Limits(period="long_term", scope=(person,)), grading=grading("core"), custodian=None
    )
    asked(company, secret, wished)
    decide(secret, company.officer)
    decide(secret, company.leader)
    assert TradeSecret.objects.get(pk=secret.pk).level == "important"
    decide(secret, company.second_leader)
    secret.refresh_from_db()
    assert (secret.level, secret.suggested_level, secret.period_ends_on) == ("core", "core", None)


def test_lowering_a_level_still_takes_the_quorum_of_the_higher_one(company):
    secret = registered(company, level="core")
    wished = changes.wish_of(
        limits=Limits(period="P3Y", scope=(ScopeValue("departments", str(company.lab.pk)),)),
        grading=grading("general"), custodian=None,
    )  # fmt: skip
    asked(company, secret, wished)
    decide(secret, company.officer)
    decide(secret, company.leader)
    assert TradeSecret.objects.get(pk=secret.pk).level == "core"
    decide(secret, company.second_leader)
    assert TradeSecret.objects.get(pk=secret.pk).level == "general"


@pytest.mark.parametrize(
    ("limits", "reason", "count"),
    [
        ({}, "nothing differs", 1),
        ({"period": "P7Y"}, "no reason for the period", 1),
        ({"period": "P7Y", "period_reason": "longer"}, " ", 1),
        ({"scope": ()}, "nobody may know", 1),
        ({"scope": (ScopeValue("all_staff"),)}, "everybody", 1),
        ({"period": "2020-01-01", "period_reason": "past"}, "past", 1),
    ],
)
def test_a_faulty_change_is_refused_with_every_fault_and_changes_nothing(company, limits, reason, count):
    secret = registered(company)
    with pytest.raises(changes.ChangeFaultyError) as caught:
        asked(company, secret, wish(company, **limits), reason=reason)
    assert len(caught.value.fields["list"]) == count
    secret.refresh_from_db()
    assert secret.state == State.REGISTERED
    assert not secret.changes.exists()


def test_one_change_at_a_time(company):
    secret = registered(company)
    wished = wish(company, departments=(company.lab, company.sales))
    stale = secret.version
    asked(company, secret, wished)
    secret.refresh_from_db()
    with pytest.raises(ConflictError):
        asked(company, secret, wished)
    secret.version = stale
    with pytest.raises(SecretChangedError):
        asked(company, secret, wished)


def test_a_change_that_was_sent_back_makes_room_for_the_next_of_the_same_person(company):
    secret = registered(company)
    wished = wish(company, departments=(company.lab, company.sales))
    first = asked(company, secret, wished)
    decide(secret, company.officer, "return", "why sales?")
    secret.refresh_from_db()
    first.refresh_from_db()
    assert (secret.state, first.state) == (State.CHANGING, ChangeState.RETURNED)
    with pytest.raises(ConflictError):
        asked(company, secret, wished, actor=company.department_officer)
    secret.refresh_from_db()
    asked(company, secret, wished, reason="they quote it to customers")
    first.refresh_from_db()
    assert first.state == ChangeState.WITHDRAWN
    assert approve(company, secret).scope.count() == 2


def test_a_refused_or_withdrawn_change_leaves_what_held(company):
    secret = registered(company)
    wished = wish(company, departments=(company.lab, company.sales))
    asked(company, secret, wished)
    decide(secret, company.officer, "reject", "too wide")
    secret.refresh_from_db()
    assert (secret.state, secret.scope.count(), secret.versions.count()) == (State.REGISTERED, 1, 1)
    change = asked(company, secret, wished)
    with pytest.raises(NotPermittedError):
        changes.change_withdraw(actor=company.seller, change_id=change.pk)
    changes.change_withdraw(actor=company.owner, change_id=change.pk)
    secret.refresh_from_db()
    change.refresh_from_db()
    assert (secret.state, change.state) == (State.REGISTERED, ChangeState.WITHDRAWN)


def test_nobody_decides_a_change_they_asked_for(company):
    secret = registered(company)
    asked(company, secret, wish(company, departments=(company.lab, company.sales)), actor=company.officer)
    with pytest.raises(NotPermittedError):
        decide(secret, company.officer)
    decide(secret, company.second_officer)


def test_a_draft_is_not_changed_this_way(company):
    secret = draft(company)
    with pytest.raises(NotPermittedError):
        asked(company, secret, wish(company))
