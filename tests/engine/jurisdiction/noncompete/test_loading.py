"""The packs' files on non-competition: what they name, and every fault with its place."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from shoumi.engine.jurisdiction import PackFaultsError, UnknownPackError
from shoumi.engine.jurisdiction.noncompete import Part, load_non_compete, read_non_compete


@pytest.fixture
def root(tmp_path):
    shutil.copytree(
        Path(str(files("shoumi.packs"))),
        tmp_path / "packs",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    return tmp_path / "packs"


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_every_part_has_a_rule_or_says_that_none_is_recorded(pack):
    table = load_non_compete(pack)
    assert set(table.parts) | set(table.unrecorded) == set(Part)
    assert not set(table.parts) & set(table.unrecorded)
    assert table is load_non_compete(pack)


def test_the_two_countries_differ_where_their_law_does():
    china, japan = load_non_compete("cn"), load_non_compete("jp")
    assert (china.currency, china.digits, japan.currency, japan.digits) == ("CNY", 2, "JPY", 0)
    assert [found.id for found in china.classes if not found.bindable] == ["other"]
    assert Part.NO_PENALTY in japan.parts
    assert Part.NO_PENALTY in china.unrecorded
    assert {rule.rule for rule in japan.parts.values()} == {"", "JP-LSA-16"}


def test_only_what_is_no_limit_of_the_law_itself_may_be_overridden():
    open_parts = {part for part, rule in load_non_compete("cn").parts.items() if rule.overridable}
    assert open_parts == {Part.SHARE, Part.GUIDELINE_SHARE, Part.LONG_SHARE, Part.PENALTY_CEILING}
    assert not any(rule.overridable for rule in load_non_compete("jp").parts.values())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- {term: P25M, refused: [term]}", "- {term: P24M, refused: [term]}", "is refused by –"),
        ("penalty: null}", "penalty: null, warned: [told]}", "and warned of –"),
        ("- {term: P24M1D, refused: [term]}", "- {term: P24M1D}", "says which parts refuse it"),
        ("term: P12M, monthly: null, pe", "term: P12M, refused: [term], pe", "is refused by nothing"),
        ("term: P25M", "term: ever", "“term” is no period: ever"),
        ("term: P25M", "term: long_term", "the example is no agreement"),
        ('penalty: "1200000.01"', "penalty: much", "“penalty” must be an amount of money"),
        ("refused: [persons]", "refused: [people]", "there is no part “people”"),
        ("parts: [no_penalty]", "parts: [none]", "there is no part “none”"),
        ("parts: [no_penalty]", "parts: [no_penalty, term]", "the part “term” has one rule"),
        ("{months: max_months}", "{months: most}", "the rule CN-LCL-23-24 has no number “most”"),
        ("{months: max_months}", "{weeks: max_months}", "the part “term” takes these numbers: months"),
        ("rule: CN-LDI2-13", "rule: CN-LDI3-1", "the rule CN-LDI3-1 is not in this pack"),
        ("force: law", "force: custom", "“force” must be one of"),
        ("超过解除或终止后 {months}", "超过解除或终止后 {weeks}", "names an unknown figure “weeks”"),
        ("alarm_months: [1, 2]", "alarm_months: [2, 1]", "“alarm_months” must be rising whole numbers"),
        ("alarm_months: [1, 2]", "alarm_months: soon", "“alarm_months” must be rising whole numbers"),
        ("digits: 2", "digits: two", "“digits” must be a whole number"),
        ("    bindable: true\n", "    bindabel: true\n", "the key “bindabel” is not known here"),
    ],
)
def test_faults_are_told_with_their_place(root, old, new, told):
    path = root / "cn" / "non_compete.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_non_compete("cn", root)
    found = refused.value.fields["faults"]
    assert any(told in fault and fault.startswith("cn/non_compete.yaml") for fault in found), found


def test_an_unknown_country_has_no_file():
    with pytest.raises(UnknownPackError):
        load_non_compete("kr")
