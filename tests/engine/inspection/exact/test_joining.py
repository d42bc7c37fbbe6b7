"""Which columns, how many, how close: a rule decides what a row is."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.exact import Column, ColumnKind, ExactIndex, Rule, build, findings
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))
NAMES = ("number", "name", "phone")
ROW = ("C1", ("A-10001", "陆知微", "00012345678"))


def found(text, required=(), **options):
    kinds = (ColumnKind.TEXT, ColumnKind.NAME, ColumnKind.PHONE)
    columns = tuple(Column(name, kind, name in required) for name, kind in zip(NAMES, kinds, strict=True))
    index = ExactIndex.open(build([ROW], Rule("x", columns, **options), KEY), KEY)
    return [each.explanation.context for each in index.findings([Part(PartKind.BODY, text)])]


def test_as_many_columns_as_needed():
    assert found("陆知微 A-10001", needed=2) == [("number", "name")]
    assert not found("陆知微 A-10001", needed=3)
    assert found("陆知微 A-10001 00012345678", needed=3) == [NAMES]
    assert found("A-10001", needed=1) == [("number",)]


def test_required_columns_must_be_there():
    assert not found("陆知微 A-10001", required=("phone",), needed=2)
    assert found("陆知微 00012345678", required=("phone",), needed=2)


@pytest.mark.parametrize(("between", "near"), [(10, True), (27, True), (28, False)])
def test_as_close_as_the_rule_says(between, near):
    assert bool(found("陆知微" + "，" * between + "A-10001", within=30)) is near


def test_one_value_twice_is_no_second_column():
    assert not found("陆知微 陆知微 陆知微")


def test_each_place_is_told_once():
    line = "陆知微 A-10001"
    assert len(found(line + "，" * 400 + line)) == 2
    assert len(found(line + "，" * 40 + line, within=300)) == 1


def test_a_chain_of_single_values_is_cut_where_columns_are_far():
    assert found("陆知微" + ("，" * 20 + "陆知微") * 5 + "A-10001", within=30) == [("number", "name")]


def test_a_dialling_prefix_leads_to_telephone_numbers_only():
    rule = Rule("x", (Column("code"), Column("phone", ColumnKind.PHONE)), needed=1)
    index = ExactIndex.open(build([("C1", ("1234567890", "")), ("C2", ("", "9000001234"))], rule, KEY), KEY)
    assert not index.findings([Part(PartKind.BODY, "01234567890")])
    (finding,) = index.findings([Part(PartKind.BODY, "09000001234")])
    assert finding.text == "9000001234"


def test_several_indexes_read_the_parts_once():
    rules = [Rule(name, tuple(Column(each) for each in NAMES)) for name in ("one", "other")]
    indexes = [
        ExactIndex.open(build([(f"{rule.name}-C", ROW[1])], rule, bytes([at]) * 32), bytes([at]) * 32)
        for at, rule in enumerate(rules)
    ]
    its = findings(indexes, [Part(PartKind.BODY, "陆知微 A-10001")])
    assert [(each.id, dict(each.explanation.facts)["row"]) for each in its] == [
        ("one", "one-C"),
        ("other", "other-C"),
    ]
