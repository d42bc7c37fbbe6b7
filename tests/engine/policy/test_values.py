"""The words are stable, and places follow from where a person stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shoumi.engine.policy import COMPANY, Decision, Effect, HeldRole, Role, Subject, case_scope, entity_scope

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_person_stands_in_the_company_the_entity_and_all_departments_above():
    person = Subject("a", legal_entity="cn", department="lab", departments=("rd", "tech"))
    departments = {"department:lab", "department:rd", "department:tech"}
    assert person.places == {COMPANY, "entity:cn"} | departments
    assert person.own_departments == departments
    assert Subject("a").places == {COMPANY}


def test_places_have_their_own_names():
    assert (entity_scope(1), case_scope(1)) == ("entity:1", "case:1")


def test_a_role_without_times_is_always_held():
    assert HeldRole(Role.HR).in_force(NOW)
    assert not HeldRole(Role.HR, starts_at=NOW + timedelta(days=1)).in_force(NOW)


def test_values_cannot_be_changed():
    decision = Decision(Effect.PERMIT, ("x",))
    with pytest.raises(AttributeError):
        decision.effect = Effect.REFUSE
    with pytest.raises((AttributeError, TypeError)):
        decision.more = 1
