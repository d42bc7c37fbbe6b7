"""The rules hold against their schema, and every fault that is planted in them is named."""

from __future__ import annotations

import dataclasses

import pytest

from shoumi.engine.policy.actions import Action
from shoumi.engine.policy.rules import (
    FAULT,
    NO_RULE,
    PolicyRulesError,
    ReasonUnknownError,
    all_reasons,
    build_rule_book,
    check_policies,
    explain,
    read_rules,
    shipped_sources,
    who_may,
)

HEAD = '@id("planted") @reason("Planted.")'


def faults_with(rule):
    shipped = shipped_sources()
    return check_policies(dataclasses.replace(shipped, rules={**shipped.rules, "planted.cedar": rule}))


def test_the_shipped_rules_have_no_fault():
    assert check_policies() == ()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (f"{HEAD} permit (principal, action, resource) when {{ principal.clearence > 1 }};", "clearence"),
        (f'{HEAD} permit (principal, action == Shoumi::Action::"secret.reed", resource);', "secret.reed"),
        (f"{HEAD} permit (principal, action, resource) when {{ principal.active > 1 }};", "planted.cedar"),
        (f"{HEAD} permit (principal, action, resource) when {{ context.place == 1 }};", "place"),
        (f"{HEAD} permit (principal, action, resource) when {{ principal.endsAt > context.now }};", "endsAt"),
        (f"{HEAD} permit (principal, action, resource", "planted.cedar"),
        ('@reason("Planted.") permit (principal, action, resource);', "no @id"),
        ('@id("planted") permit (principal, action, resource);', "no @reason"),
        ('@id("approve-role") @reason("P.") permit (principal, action, resource);', "used already in"),
        (f'@id("{NO_RULE}") @reason("P.") permit (principal, action, resource);', "used already in the"),
    ],
)
def test_a_planted_fault_is_named(rule, words):
    faults = faults_with(rule)
    assert faults
    assert all(fault.startswith("planted.cedar") for fault in faults)
    assert any(words in fault for fault in faults)


def test_all_faults_are_collected():
    shipped = shipped_sources()
    rules = {
        "one.cedar": f"{HEAD} permit (principal, action, resource) when {{ principal.clearence > 1 }};",
        "two.cedar": "permit (principal, action, resource);",
        "three.cedar": "permit (",
    }
    faults = check_policies(dataclasses.replace(shipped, rules={**shipped.rules, **rules}))
    assert {fault.split(":")[0] for fault in faults} == set(rules)


def test_duties_must_be_known_and_must_not_forbid():
    shipped = shipped_sources()
    planted = f'{HEAD} @obligation("dance") forbid (principal, action, resource);'
    faults = check_policies(dataclasses.replace(shipped, duties=planted))
    assert any("no known @obligation" in fault for fault in faults)
    assert any("forbids" in fault for fault in faults)


def test_an_action_that_nobody_may_do_is_a_fault():
    shipped = shipped_sources()
    rules = {name: text for name, text in shipped.rules.items() if name != "ledger.cedar"}
    faults = check_policies(dataclasses.replace(shipped, rules=rules))
    assert "action ledger.view is permitted to nobody" in faults


def test_an_action_missing_in_the_schema_is_a_fault():
    shipped = shipped_sources()
    schema = shipped.schema.replace('"ledger.audit", ', "")
    faults = check_policies(dataclasses.replace(shipped, schema=schema))
    assert any(fault == "action ledger.audit is not in schema.cedarschema" for fault in faults)


def test_what_is_not_cedar_is_refused():
    with pytest.raises(PolicyRulesError):
        read_rules("permit please;")
    shipped = shipped_sources()
    with pytest.raises(PolicyRulesError):
        build_rule_book(dataclasses.replace(shipped, schema="entity;"))


def test_every_reason_is_one_english_sentence():
    for reason, text in all_reasons().items():
        assert text[0].isupper(), reason
        assert text.endswith("."), reason
        assert text.isascii(), reason
        assert explain(reason) == text


def test_an_unknown_reason_is_refused():
    with pytest.raises(ReasonUnknownError) as caught:
        explain("because")
    assert caught.value.fields == {"reason": "because"}


def test_whoever_may_not_is_told_who_may():
    assert set(who_may(Action.SECRET_APPROVE)) == {"approve-by-leader", "decide-as-named"}
    for action in Action:
        assert who_may(action), action
        assert FAULT not in who_may(action)
