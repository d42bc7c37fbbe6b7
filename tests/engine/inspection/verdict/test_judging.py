"""Verdicts: the most severe rule wins, amounts count values, circumstances narrow, order says nothing."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.findings import found, text_part

from shoumi.engine.inspection.values import Explanation, FindingKind
from shoumi.engine.inspection.verdict import (
    Action,
    Facts,
    Person,
    Place,
    Policy,
    PolicyRule,
    Reach,
    judge,
    read_policy,
    worst,
)
from shoumi.engine.inspection.verdict.loading import Invented
from shoumi.engine.jurisdiction.values import Texts

REASON = Texts("因", "故", "because")


def rule(own_id: str, action: Action, **asked) -> PolicyRule:
    return PolicyRule(own_id, action, REASON, **asked)


def policy(*rules: PolicyRule) -> Policy:
    return Policy("test", rules, {})


def invented(
    own_id: str = "a.b", amount: int = 1, kind=FindingKind.IDENTIFIER, score=1.0, level=""
) -> list[Invented]:
    return [Invented(kind, own_id, score, level, number) for number in range(amount)]


def test_nothing_found_is_allowed_whatever_the_policy():
    assert (
        judge([], Facts(), policy(rule("all", Action.BLOCK, kinds=tuple(FindingKind)))).action == Action.ALLOW
    )


def test_the_worst_rule_counts_and_all_are_told_from_worst_to_mildest():
    verdict = judge(
        invented(),
        Facts(),
        policy(
            rule("w", Action.WARN),
            rule("q", Action.QUARANTINE),
            rule("s", Action.SEAL),
            rule("j", Action.JUSTIFY),
        ),
    )
    assert verdict.action == Action.QUARANTINE
    assert [ground.rule for ground in verdict.grounds] == ["q", "s", "j", "w"]


def test_severity_is_the_order_of_the_actions():
    assert [str(action) for action in sorted(Action, key=lambda each: each.severity)] == [
        "allow",
        "warn",
        "justify",
        "seal",
        "quarantine",
        "block",
    ]
    assert worst([]) == Action.ALLOW


def test_an_amount_counts_values_not_occurrences_unless_asked():
    part = text_part("13900000000 139-0000-0000 13900000001")
    findings = [found(part, word) for word in part.text.split()]
    two = rule("two", Action.WARN, at_least=3)
    assert not judge(findings, Facts(), policy(two)).grounds
    three = policy(rule("three", Action.WARN, at_least=3, counting="findings"))
    assert judge(findings, Facts(), three).grounds[0].amount == 3


def test_what_was_counted_but_not_built_counts_too():
    more = Invented(FindingKind.IDENTIFIER, "a.b", 1.0, "", 1, count=4001)
    bulk = policy(rule("bulk", Action.SEAL, at_least=4001))
    assert judge([more], Facts(), bulk).action == Action.SEAL
    assert judge(invented(amount=4000), Facts(), bulk).action == Action.ALLOW


def test_rows_of_a_table_count_by_their_key():
    part = text_part("甲 乙")
    rows = [
        found(
            part,
            word,
            kind=FindingKind.EXACT,
            id="customers",
            explanation=Explanation("rule", facts=(("row", "7"),)),
        )
        for word in part.text.split()
    ]
    assert judge(rows, Facts(), policy(rule("r", Action.WARN))).grounds[0].amount == 1


def test_kind_id_level_and_score_must_all_fit():
    asked = policy(
        rule("r", Action.WARN, kinds=(FindingKind.MARKING,), ids=("cn.*",), levels=("core",), least_score=0.5)
    )
    good = {"own_id": "cn.core", "kind": FindingKind.MARKING, "level": "core", "score": 0.5}
    assert judge(invented(**good), Facts(), asked).action == Action.WARN
    for wrong in ({"own_id": "jp.core"}, {"kind": FindingKind.EXACT}, {"level": "general"}, {"score": 0.49}):
        assert judge(invented(**{**good, **wrong}), Facts(), asked).action == Action.ALLOW


def test_place_reach_path_and_person_must_all_fit():
    asked = policy(
        rule(
            "r",
            Action.BLOCK,
            places=(Place.MAIL,),
            reaches=(Reach.OUTSIDE,),
            names=("*/图纸/*",),
            persons=(Person.LEAVER,),
            unless_persons=(Person.IN_SCOPE,),
        )
    )
    good = {
        "place": Place.MAIL,
        "reach": Reach.OUTSIDE,
        "name": "a/图纸/b/c.dwg",
        "persons": frozenset({Person.LEAVER}),
    }
    assert judge(invented(), Facts(**good), asked).action == Action.BLOCK
    for wrong in (
        {"place": Place.WEB},
        {"reach": Reach.INSIDE},
        {"name": "图纸.dwg"},
        {"persons": frozenset({Person.EMPLOYEE})},
        {"persons": frozenset({Person.LEAVER, Person.IN_SCOPE})},
    ):
        assert judge(invented(), Facts(**{**good, **wrong}), asked).action == Action.ALLOW


@given(
    actions=st.lists(st.sampled_from(list(Action)), min_size=1, max_size=6),
    amount=st.integers(1, 5),
    seed=st.randoms(use_true_random=False),
)
def test_neither_the_order_of_rules_nor_of_findings_says_anything(actions, amount, seed: random.Random):
    rules = [rule(f"r{number}", action, at_least=number + 1) for number, action in enumerate(actions)]
    findings = [*invented("a", amount), *invented("b", amount, score=0.3)]
    first = judge(findings, Facts(), policy(*rules))
    seed.shuffle(rules)
    seed.shuffle(findings)
    assert judge(findings, Facts(), policy(*rules)) == first
    assert first.action == worst(each.action for each in rules if each.at_least <= 2 * amount)


def test_the_verdict_of_a_read_file_names_its_reason_in_three_languages():
    text = (
        "policy: own\nrules:\n- id: x\n  when: {kinds: [marking]}\n  verdict: warn\n"
        "  reason: {zh: 有标识, ja: 表示あり, en: It is marked.}\n"
        "  examples: {match: [{found: [{kind: marking, id: m}]}], "
        "refuse: [{found: [{kind: exact, id: m}]}]}\n"
    )
    (ground,) = judge(invented(kind=FindingKind.MARKING), Facts(), read_policy("own.yaml", text)).grounds
    assert ground.reason.in_language("zh_CN") == "有标识"
