"""Errors speak the language of the environment; where a text has no other, it stays as it is."""

from __future__ import annotations

import copy
import re

import pytest

from shoumi.cli.speaking import faults, note, told
from shoumi.engine.errors import Location, Phrase
from shoumi.engine.inspection.matching.errors import ColumnMissingError, RuleError
from shoumi.engine.inspection.verdict.loading import PolicyFaultsError, read_policy


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja_JP.UTF-8", "a.csv:1: 表に列 姓名 がありません。"),
        ("de_DE", "a.csv:1: The table has no column 姓名."),
    ],
)
def test_an_error_is_told_with_its_place(monkeypatch, language, expected):
    monkeypatch.setenv("LC_ALL", language)
    assert told(ColumnMissingError(columns="姓名", location=Location("a.csv", 1))) == expected


def test_fixed_parts_are_translated_and_others_kept(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "the distance" not in told(RuleError(reason="the distance must be at least 1"))
    assert "x.y" in told(RuleError(reason="x.y"))


def test_what_an_error_lists_is_listed():
    assert faults(PolicyFaultsError(count=2, faults=("a", "b"))) == ["a", "b"]
    assert faults(RuleError(reason="x")) == []


POLICY = """\
policy: ours
rules:
  - id: Über
    verdict: explode
    reason: {zh: 不, ja: 不}
    when: {at_least: many, least_score: 2, colour: red, levels: [secret], lists: [none], kinds: identifier}
    examples: {match: [{found: [{id: 7, level: high}]}]}
  - 7
"""


@pytest.mark.parametrize(("language", "missing"), [("zh_CN", "缺少"), ("ja_JP", "がありません")])
@pytest.mark.parametrize(("text", "count"), [(POLICY, 13), ("a: *b", 1), ("a: [", 1)])
def test_every_fault_of_a_policy_is_told_with_its_line_and_in_no_other_language(
    monkeypatch, language, missing, text, count
):
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    with pytest.raises(PolicyFaultsError) as caught:
        read_policy("rules.yaml", text)
    listed = faults(caught.value)
    assert len(listed) == count
    assert all(re.match(r"rules\.yaml:\d+: .*[\u3040-\u9fff]", each) for each in listed)
    if text == POLICY:
        assert any(missing in each for each in listed)
        assert any("verdict" in each for each in listed)
        assert not any(re.search(r"\b(must|needs|known|the)\b", each) for each in listed)


def test_a_phrase_is_a_text_that_survives_a_copy():
    phrase = Phrase("{place}: {fault}", place="a", fault=Phrase("“{name}” is {x}", name="{y}", x=1))
    copied = copy.deepcopy(phrase)
    assert copied == phrase == "a: “{y}” is 1"
    assert copied.fields["fault"].form == "“{name}” is {x}"


def test_no_name_steers_a_terminal(capsys):
    note("a\x1b[2J\nb", "scan")
    assert capsys.readouterr().err == "shoumi scan: a?[2J b\n"
