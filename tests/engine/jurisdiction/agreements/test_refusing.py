"""What is refused: penalties that the law forbids, clauses emptied or robbed of their fields."""

from __future__ import annotations

from datetime import date

import pytest

from shoumi.engine.jurisdiction.agreements import Facts, OwnChange, examine, load_agreements
from shoumi.engine.jurisdiction.agreements.examples import example_facts

DAY = date(2026, 11, 21)


def refusals(pack, kind, change, *, clause="liability", day=DAY):
    own = {clause: OwnChange(change)}
    return examine(load_agreements(pack), kind, Facts({}), day, own_changes=own).refusals


@pytest.mark.parametrize(
    ("pack", "kind", "change", "rule"),
    [
        ("cn", "secrecy_clause", "乙方泄密的，支付违约金人民币伍万元。", "CN-LCL-23-24"),
        ("cn", "exit_pledge", "违反的，每次罚款五百元。", "CN-LCL-23-24"),
        ("jp", "joining_pledge", "違反したときは、違約金100万円を支払います。", "JP-LSA-16"),
        ("jp", "secret_post_nda", "従業員は、一律に金50万円を賠償する。", "JP-LSA-16"),
        ("jp", "exit_pledge", "賠償の額は、３００万円とします。", "JP-LSA-16"),
    ],
)
def test_a_penalty_in_what_an_employee_signs_is_refused_with_its_rule(pack, kind, change, rule):
    (refusal,) = refusals(pack, kind, change)
    assert refusal.clause == "liability"
    assert refusal.basis.rule == rule
    assert refusal.text.zh
    assert refusal.text.ja


def test_non_competition_is_not_hidden_in_another_agreement():
    (refusal,) = refusals("cn", "secret_post_nda", "乙方离职后二年内不得到有竞争关系的单位就职。")
    assert refusal.basis.rule == "CN-LCL-23-24"
    assert "non-compete agreement" in refusal.text.en


def test_a_penalty_hidden_in_a_field_is_refused_too():
    facts = Facts({}, {"duties": ("違反ごとに10万円を賠償する",)})
    found = examine(load_agreements("jp"), "joining_pledge", facts, DAY).refusals
    assert [(each.clause, each.basis.rule) for each in found] == [("duties", "JP-LSA-16")]


def test_a_penalty_of_a_partner_company_is_no_matter_of_labour_law():
    assert not refusals("jp", "contractor_nda", "乙は、違約金300万円を支払う。")
    assert not refusals("cn", "contractor_nda", "乙方支付违约金人民币伍万元。")


def test_a_rule_that_is_not_in_force_refuses_nothing():
    assert not refusals("cn", "secrecy_clause", "支付违约金。", day=date(2013, 6, 30))
    assert refusals("cn", "secrecy_clause", "支付违约金。", day=date(2013, 7, 1))


@pytest.mark.parametrize("blank", ["", " \n　"])
def test_a_clause_cannot_be_emptied(blank):
    (refusal,) = refusals("cn", "secrecy_clause", blank)
    assert refusal.clause == "liability"
    assert "cannot be emptied" in refusal.text.en


@pytest.mark.parametrize(
    "change",
    [
        "遵守制度。",
        "遵守{rules}和{post}。",
        "遵守{rules}和{nothing}。",
        "遵守{rules}和{ post }。",
        "{Rules}{rules}",
    ],
)
def test_a_clause_keeps_its_fields_and_takes_no_others(change):
    (refusal,) = refusals("cn", "secrecy_clause", change, clause="rules")
    assert "{rules}" in refusal.text.en


def test_all_refusals_are_told_together():
    library = load_agreements("cn")
    own = {"liability": OwnChange("罚款。"), "duration": OwnChange(" "), "rules": OwnChange("遵守制度。")}
    found = examine(library, "secrecy_clause", Facts({}), DAY, own_changes=own).refusals
    assert {each.clause for each in found} == {"liability", "duration", "rules"}


@pytest.mark.parametrize(
    ("pack", "number", "clause", "change", "added"),
    [
        ("cn", 0, "term", "竞业限制的期限为{nc_term}，甲方可以延长至三年。", "三年"),
        ("cn", 0, "term", "竞业限制的期限为{nc_term}，可延长至 36 个月。", "36 个月"),
        ("cn", 0, "pay_amount", "每月{nc_monthly}，其中已含奖金2,000元。", "2,000元"),
        ("jp", 0, "term", "期間は{nc_term}とし、５年まで延長できる。", "５年"),
    ],
)
def test_a_wording_does_not_bring_another_term_or_sum_past_the_check(pack, number, clause, change, added):
    library = load_agreements(pack)
    kind = library.kind("non_compete")
    facts = example_facts(library, kind.examples[number])
    (refusal,) = examine(library, kind.id, facts, DAY, own_changes={clause: OwnChange(change)}).refusals
    assert refusal.clause == clause
    assert added in refusal.text.zh


def test_a_wording_keeps_the_figures_that_the_library_has():
    library = load_agreements("cn")
    facts = example_facts(library, library.kind("non_compete").examples[1])
    change = OwnChange("甲方按月支付补偿，为离职前十二个月平均工资的{nc_percent}。")
    assert not examine(library, "non_compete", facts, DAY, own_changes={"pay_share": change}).refusals
