"""Policy files: the shipped ones hold their examples; every fault of others is told with file and line."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.values import FindingKind
from shoumi.engine.inspection.verdict import (
    Action,
    Facts,
    PolicyFaultsError,
    Reach,
    default_policy,
    judge,
    read_policy,
)
from shoumi.engine.inspection.verdict.loading import LEVELS, Invented

GOOD = """policy: own
lists:
  ours: [own.part_number, own.drawing]
rules:
- id: drawings
  when: {lists: [ours], at_least: 3, count: findings, paths: ["*.dwg"]}
  verdict: justify
  reason: {zh: 图号, ja: 図番, en: Drawing numbers.}
  examples:
    match:
    - {path: a.dwg, found: [{id: own.drawing, amount: 3}]}
    refuse:
    - {path: a.dwg, found: [{id: own.drawing, amount: 2}]}
    - {path: a.txt, found: [{id: own.drawing, amount: 3}]}
"""


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyFaultsError) as caught:
        read_policy("own.yaml", text)
    return caught.value.fields["faults"]


def test_a_good_file_is_read():
    (rule,) = read_policy("own.yaml", GOOD).rules
    assert (rule.action, rule.ids, rule.at_least) == (Action.JUSTIFY, ("own.part_number", "own.drawing"), 3)


def test_the_shipped_rules_hold_their_examples_and_have_ids_of_their_own():
    rules = default_policy().rules
    assert len({rule.id for rule in rules}) == len(rules)
    assert all({example.speaks for example in rule.examples} == {True, False} for rule in rules)


def test_the_shipped_lists_name_what_is_recognised():
    known = {kind.id for kind in Recogniser.load().kinds}
    listed = {
        form
        for name, ids in default_policy().lists.items()
        for form in ids
        if name not in {"unmarked", "credentials"}
    }
    assert [form for form in sorted(listed) if not any(fnmatchcase(each, form) for each in known)] == []


@pytest.mark.parametrize("reach", list(Reach))
def test_a_higher_level_is_never_judged_more_mildly_and_farther_never_either(reach):
    def severity(level: str, how_far: Reach) -> int:
        finding = Invented(FindingKind.FINGERPRINT, "S-1", 1.0, level, 0)
        return judge([finding], Facts(reach=how_far), default_policy()).action.severity

    by_level = [severity(level, reach) for level in reversed(LEVELS)]
    assert by_level == sorted(by_level)
    assert severity("core", reach) >= severity("core", Reach.INSIDE) > 0


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("verdict: justify", "verdict: explode", "own.yaml:7: “verdict” must be one of allow, warn"),
        ("verdict: justify", "verdikt: justify", "own.yaml:7: the key “verdikt” is not known here"),
        ("ja: 図番, ", "", "own.yaml:8: “ja” is missing"),
        ("lists: [ours]", "lists: [theirs]", "own.yaml:6: there is no list “theirs” in this file"),
        ("lists: [ours], ", "", "own.yaml:6: a rule must ask for a kind, an id, a list or a level"),
        ("at_least: 3", "at_least: 0", "own.yaml:6: “at_least” must be a whole number"),
        (
            "lists: [ours]",
            "lists: [ours], levels: [绝密]",
            "own.yaml:6: “levels” must be one of core, important, general",
        ),
        (
            "lists: [ours]",
            "lists: [ours], least_score: 2",
            "own.yaml:6: “least_score” must be a number from 0 to 1",
        ),
        ("lists: [ours]", "lists: [ours], places: [moon]", "own.yaml:6: “places” must be one of share"),
        ("amount: 2", "amount: 3", "own.yaml:13: the rule “drawings” matches this example"),
        (
            "dwg, found: [{id: own.drawing, amount: 3",
            "dwg, found: [{id: own.other, amount: 3",
            "own.yaml:11: the rule “drawings” does not match this example",
        ),
        ("id: drawings", "id: Drawings!", "own.yaml:5: an id is made of"),
        ("policy: own", "policy: &a own\nsource: *a", "own.yaml"),
        ("policy: own", "policy: [", "own.yaml"),
    ],
)
def test_each_fault_is_told_with_file_and_line(old, new, fault):
    assert any(told.startswith(fault) for told in faults_of(GOOD.replace(old, new, 1))), faults_of(
        GOOD.replace(old, new, 1)
    )


def test_all_faults_are_told_at_once_and_a_rule_stands_once():
    again = GOOD[GOOD.index("- id") :]
    told = faults_of(
        GOOD.replace("verdict: justify", "verdict: x").replace("en: Drawing numbers.", "en: 1") + again
    )
    assert len(told) == 3
    assert "own.yaml:15: the rule “drawings” stands in line 5 already" in told


def test_a_rule_without_examples_is_refused():
    refused = GOOD[: GOOD.index("    refuse:")]
    assert "own.yaml:10: a rule needs an example under “refuse”" in faults_of(refused)


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: 3", "\0", "policy: x\nrules: [1, 2]", "{policy: x, rules: [{}]}"]
)
def test_whatever_is_no_policy_is_refused(text):
    assert faults_of(text)
