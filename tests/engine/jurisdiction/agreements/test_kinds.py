"""The texts of both countries: what each kind of agreement must say, and that no statute is invented."""

from __future__ import annotations

import re

import pytest

from shoumi.engine.jurisdiction import Status, load_pack
from shoumi.engine.jurisdiction.agreements import Party, load_agreements
from shoumi.engine.jurisdiction.agreements.examples import assembled_example

COMMON = {
    "secrecy_clause",
    "secret_post_nda",
    "non_compete",
    "no_infringement_promise",
    "exit_pledge",
    "evidence_method",
    "contractor_nda",
    "contractor_worker_form",
    "visitor_pledge",
    "meeting_pledge",
    "authority_notice_receipt",
    "refused_signature_record",
}
EXAMPLES = [
    pytest.param(pack, kind, number, id=f"{pack}-{kind.id}-{number}")
    for pack in ("cn", "jp")
    for kind in load_agreements(pack).kinds
    for number in range(len(kind.examples))
]


def texts_of(kind):
    return "\n".join(
        [kind.title, kind.opening, kind.closing, *(f"{c.heading}\n{c.text}" for c in kind.clauses)]
    )


def clause(pack, kind, name):
    found = load_agreements(pack).kind(kind).clause(name)
    assert found is not None
    return found


@pytest.mark.parametrize(("pack", "kind", "number"), EXAMPLES)
def test_the_examples_of_the_packs_come_out_whole(pack, kind, number):
    library, example = load_agreements(pack), kind.examples[number]
    made = assembled_example(library, kind, example)
    there = [each.id for each in made.clauses]
    assert set(example.has) <= set(there)
    assert not set(example.lacks) & set(there)
    assert [each.number for each in made.clauses] == list(range(1, len(there) + 1))
    read = "\n".join(
        [made.title, made.opening, made.closing, *(f"{c.heading}{c.text}" for c in made.clauses)]
    )
    assert not re.search(r"[{}]", read)
    assert not made.deviations
    assert all(each.basis for each in made.clauses)


def test_both_countries_have_every_kind_and_japan_the_pledge_on_joining():
    assert {kind.id for kind in load_agreements("cn").kinds} == COMMON
    assert {kind.id for kind in load_agreements("jp").kinds} == COMMON | {"joining_pledge"}


def test_every_statute_named_is_one_of_the_rules_that_the_clause_or_another_of_the_kind_rests_on():
    rules = {rule.id: rule.cite for rule in load_pack("cn").rules}
    for kind in load_agreements("cn").kinds:
        cites = " ".join(rules[name] for each in kind.clauses for name in each.rules + each.guidelines)
        for law in re.findall(r"《(?:中华人民共和国)?([^》]+)》", texts_of(kind)):
            assert law in cites, (kind.id, law)
    japan = {rule.id: rule.cite for rule in load_pack("jp").rules}
    for kind in load_agreements("jp").kinds:
        for each in kind.clauses:
            cites = " ".join(japan[name] for name in each.rules + each.guidelines)
            for law in re.findall(
                r"不正競争防止法|労働基準法|個人情報保護法|労働者派遣法|民法|刑法|労働契約法", each.text
            ):
                assert law in cites or law.replace("不正競争防止法", "不競法") in cites, (
                    kind.id,
                    each.id,
                    law,
                )


def test_no_text_names_an_article_that_a_later_law_may_renumber():
    for pack in ("cn", "jp"):
        for kind in load_agreements(pack).kinds:
            assert not re.search(r"第?\s*[0-9〇一二三四五六七八九十百]+\s*条", texts_of(kind)), kind.id


def test_the_texts_say_themselves_that_no_counsel_has_settled_them():
    for pack in ("cn", "jp"):
        library = load_agreements(pack)
        assert library.origin.status is Status.SECONDARY
        assert "counsel" in library.origin.source.en
        assert all(
            each.origin.status is not Status.PRIMARY for kind in library.kinds for each in kind.clauses
        )


def test_the_japanese_texts_do_not_rest_on_chinese_law_nor_the_other_way_round():
    for kind in load_agreements("jp").kinds:
        assert not re.search("中華人民共和国|人民法院|工会|仲裁", texts_of(kind)), kind.id
    for kind in load_agreements("cn").kinds:
        assert not re.search("[ぁ-んァ-ヶ]", texts_of(kind)), kind.id


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_no_penalty_stands_in_what_an_employee_signs_but_for_chinese_non_competition(pack):
    for kind in load_agreements(pack).kinds:
        if kind.party is Party.EMPLOYEE and (pack, kind.id) != ("cn", "non_compete"):
            assert not re.search("违约金|違約金|賠償額の予定", texts_of(kind)), kind.id
    assert "nc_penalty" not in texts_of(load_agreements("jp").kind("non_compete"))


@pytest.mark.requirement("ONB-05")
def test_the_secrecy_clause_names_rules_fitted_duties_and_liability():
    for pack in ("cn", "jp"):
        assert "{rules}" in clause(pack, "secrecy_clause", "rules").text
        duties = clause(pack, "secrecy_clause", "duties")
        assert "{duties}" in duties.text
        assert "{post}" in duties.text
        assert clause(pack, "secrecy_clause", "liability").mandatory
    assert "岗位职责、工作内容相适应" in clause("cn", "secrecy_clause", "duties").text


@pytest.mark.requirement("ONB-07")
def test_the_agreement_of_a_secret_post_names_rules_specific_duties_and_liability():
    for pack in ("cn", "jp"):
        kind = load_agreements(pack).kind("secret_post_nda")
        for name in ("scope", "rules", "duties", "liability", "evidence", "internet"):
            found = kind.clause(name)
            assert found is not None
            assert found.mandatory
            assert not found.when
        for field in ("{department}", "{post}", "{level_name}", "{role_name}"):
            assert field in kind.opening


@pytest.mark.requirement("ONB-19")
@pytest.mark.parametrize("kind", ["secrecy_clause", "secret_post_nda"])
def test_leaks_over_the_internet_are_named_also_by_negligence(kind):
    china, japan = (clause(pack, kind, "internet").text for pack in ("cn", "jp"))
    for word in ("互联网", "微博", "论坛", "朋友圈", "疏忽"):
        assert word in china
    for word in ("SNS", "掲示板", "生成AI", "不注意"):
        assert word in japan


def test_what_sales_staff_keep_in_notes_and_memory_is_named():
    for kind in ("secrecy_clause", "secret_post_nda", "exit_pledge"):
        assert re.search("笔记.*记忆", clause("cn", kind, "customers").text)
        found = clause("jp", kind, "customers")
        assert re.search("メモ.*記憶", found.text)
        assert "JP-CASE" in found.guidelines


@pytest.mark.requirement("ONB-16")
def test_the_promise_of_a_joiner_names_not_using_publishing_or_leaking():
    china, japan = (clause(pack, "no_infringement_promise", "no_use") for pack in ("cn", "jp"))
    assert "不使用、不公开、不泄露原单位的商业秘密" in china.text
    assert "前職の営業秘密を使用、公開、漏えいせず" in japan.text
    assert china.mandatory
    assert japan.mandatory


@pytest.mark.requirement("OFF-13")
def test_the_duty_goes_on_after_leaving_in_whatever_way():
    assert "不以任何方式泄露" in clause("cn", "exit_pledge", "continuing").text
    assert "いかなる方法によっても漏えい" in clause("jp", "exit_pledge", "continuing").text
    assert "不以任何方式泄露商业秘密" in clause("cn", "exit_pledge", "cool_down").text
    assert all(not clause(pack, "exit_pledge", "continuing").when for pack in ("cn", "jp"))


@pytest.mark.requirement("JPN-03")
def test_the_japanese_exit_pledge_warns_of_carrying_customer_data_out():
    text = clause("jp", "exit_pledge", "carry_out").text
    for word in ("転職", "顧客情報", "違法", "犯罪", "転職先の会社"):
        assert word in text


@pytest.mark.requirement("BIZ-02")
@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_an_agreement_with_a_partner_has_its_five_parts(pack):
    kind = load_agreements(pack).kind("contractor_nda")
    for name in ("content", "scope", "period", "duties", "liability"):
        found = kind.clause(name)
        assert found is not None
        assert found.mandatory
        assert not found.when


@pytest.mark.requirement("BIZ-07")
@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_an_authority_is_told_items_and_scope_and_signs_a_receipt(pack):
    kind = load_agreements(pack).kind("authority_notice_receipt")
    assert "{secret_items}" in clause(pack, "authority_notice_receipt", "items").text
    assert kind.clause("scope")
    assert kind.clause("duty")
    assert re.search("回执|受領書", kind.closing)


def test_a_contractors_worker_pledges_to_the_own_employer_and_gets_no_orders_from_the_company():
    for pack in ("cn", "jp"):
        kind = load_agreements(pack).kind("contractor_worker_form")
        assert "{partner}" in kind.opening.splitlines()[0]
        assert "{company}" not in kind.opening.splitlines()[0]
    through = clause("jp", "contractor_worker_form", "through_employer")
    assert through.rules == ("JP-DISPATCH",)
    assert "直接の指揮命令" in through.text
    assert "直接の指示をしない" in clause("jp", "contractor_nda", "workers").text


def test_a_refused_signature_is_recorded_by_two_witnesses():
    for pack in ("cn", "jp"):
        text = clause(pack, "refused_signature_record", "witnesses").text
        assert "{witness_one}" in text
        assert "{witness_two}" in text


def test_agreed_methods_for_electronic_evidence_rest_on_their_rule():
    assert clause("cn", "evidence_method", "effect").rules == ("CN-EV-94",)
    for kind in ("secret_post_nda", "non_compete", "contractor_nda"):
        assert clause("cn", kind, "evidence").rules == ("CN-EV-94",)
        assert clause("jp", kind, "evidence").rules == ("JP-CCP-231",)
