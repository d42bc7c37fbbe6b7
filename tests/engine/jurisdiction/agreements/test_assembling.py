"""Assembling: the same facts give the same bytes, any other letter another hash, and nothing half filled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction import Period, PeriodKind, Status
from shoumi.engine.jurisdiction.agreements import (
    AgreementIncompleteError,
    AgreementRefusedError,
    Facts,
    OwnChange,
    UnknownAgreementError,
    assemble,
    load_agreements,
)
from shoumi.engine.jurisdiction.agreements.examples import example_facts
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.documents import places_in
from shoumi.engine.jurisdiction.noncompete import Override, Part

DAY = date(2026, 11, 21)
LIBRARIES = [load_agreements("cn"), load_agreements("jp")]


def first_facts(library, kind, number=0):
    example = library.kind(kind).examples[number]
    return replace(example_facts(library, example), values=dict(example_facts(library, example).values))


def texts(made):
    return [
        made.title,
        made.opening,
        made.closing,
        *(part for each in made.clauses for part in (each.heading, each.text)),
    ]


words = st.text(
    st.characters(blacklist_categories=("C", "Z"), blacklist_characters="{}"), min_size=1, max_size=20
)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), library=st.sampled_from(LIBRARIES))
def test_the_same_facts_give_the_same_bytes_and_any_other_value_another_hash(data, library):
    kind = data.draw(st.sampled_from(library.kinds))
    facts = first_facts(library, kind.id, data.draw(st.integers(0, len(kind.examples) - 1)))
    made, again = assemble(library, kind.id, facts, DAY), assemble(library, kind.id, facts, DAY)
    assert made.form == again.form
    assert made.sha256 == sha256(made.form).hexdigest()
    assert canonical_bytes(json.loads(made.form)) == made.form
    used = sorted(
        {
            place
            for text in (
                kind.title,
                kind.opening,
                kind.closing,
                *(kind.clause(c.id).text for c in made.clauses),
            )
            for place in places_in(text)
            if isinstance(library.fields[place].example, str)
        }
    )
    name = data.draw(st.sampled_from(used))
    value = data.draw(words.filter(lambda text: text != facts.values[name]))
    other = assemble(
        library, kind.id, Facts(facts.known, {**facts.values, name: value}, facts.non_compete), DAY
    )
    assert other.sha256 != made.sha256
    assert any(value in text for text in texts(other))
    assert not any(places_in(text) for text in texts(other))


def test_the_form_holds_what_is_read_and_nothing_about_why():
    library = LIBRARIES[0]
    facts = first_facts(library, "exit_pledge")
    made = assemble(library, "exit_pledge", facts, DAY)
    form = json.loads(made.form)
    assert set(form) == {
        "format", "pack", "kind", "edition", "language", "day", "title", "opening", "clauses", "closing",
    }  # fmt: skip
    assert form["format"] == "shoumi-agreement-1"
    assert [clause["label"] for clause in form["clauses"]][:3] == ["第一条", "第二条", "第三条"]
    assert [clause["text"] for clause in form["clauses"]] == [clause.text for clause in made.clauses]
    assert assemble(library, "exit_pledge", facts, date(2026, 11, 22)).sha256 != made.sha256
    wider = Facts({**facts.known, "from_competitor": True}, facts.values)
    assert assemble(library, "exit_pledge", wider, DAY).sha256 == made.sha256


@pytest.mark.requirement("ONB-06")
@pytest.mark.parametrize("library", LIBRARIES, ids=["cn", "jp"])
def test_level_department_title_and_scope_make_the_agreement(library):
    facts = first_facts(library, "secret_post_nda", 2)
    made = assemble(library, "secret_post_nda", facts, DAY)
    by_id = {clause.id: clause for clause in made.clauses}
    for name in ("department", "post"):
        assert facts.values[name] in made.opening
    assert {"cn": "核心商密", "jp": "極秘"}[library.pack] in made.opening
    assert all(item in by_id["scope"].text for item in facts.values["secret_scope"])
    assert [because.fact for because in by_id["core"].because] == ["level"]
    assert by_id["core"].because[0].value == 3
    assert by_id["core"].because[0].text.en == "because the secrecy level of the post is “Core”"
    assert by_id["customers"].because[0].fact == "work"
    assert by_id["manager"].because[0].fact == "role"
    assert by_id["duties"].because == ()
    lower = Facts({**facts.known, "level": 1, "role": "ordinary", "work": "research"}, facts.values)
    there = {clause.id for clause in assemble(library, "secret_post_nda", lower, DAY).clauses}
    assert not there & {"core", "important", "manager", "customers"}
    assert "research" in there


def test_every_clause_shows_its_basis_and_doubt_stays_marked():
    library = LIBRARIES[1]
    made = assemble(library, "secret_post_nda", first_facts(library, "secret_post_nda", 2), DAY)
    by_id = {clause.id: clause for clause in made.clauses}
    evidence = by_id["evidence"].basis[0]
    assert evidence.rule == "JP-CCP-231"
    assert evidence.status is Status.UNCONFIRMED
    assert evidence.caveats
    assert by_id["customers"].basis[0].force is Force.GUIDELINE
    assert by_id["manager"].basis[0].force is Force.COMPANY
    early = assemble(
        library, "secret_post_nda", first_facts(library, "secret_post_nda", 2), date(2026, 4, 30)
    )
    clause = next(each for each in early.clauses if each.id == "evidence")
    assert "JP-CCP-231" in clause.notes[0].en
    assert clause.basis[0].force is Force.COMPANY


def test_everything_missing_is_told_at_once():
    library = LIBRARIES[0]
    with pytest.raises(AgreementIncompleteError) as refused:
        assemble(library, "secret_post_nda", Facts({"level": 2, "work": "sales"}, {"company": "甲公司"}), DAY)
    assert set(refused.value.fields["facts"]) == {
        "role", "has_customer_accounts", "remote_work", "handles_personal_data",
    }  # fmt: skip
    fields = set(refused.value.fields["fields"])
    assert {"company_address", "person", "department", "rules", "duties", "secret_scope", "office"} <= fields
    assert not fields & {"company", "level_name", "accounts"}


@pytest.mark.requirement("ONB-08")
def test_a_non_compete_is_made_for_whom_the_law_lets_be_bound():
    library = LIBRARIES[0]
    facts = first_facts(library, "non_compete")
    made = assemble(library, "non_compete", facts, DAY)
    by_id = {clause.id: clause for clause in made.clauses}
    assert "同类精密轴承的研发和销售" in by_id["scope"].text
    assert "山东省、江苏省" in by_id["territory"].text
    assert "24个月" in by_id["term"].text
    assert "每月人民币10,000.00元" in by_id["pay_amount"].text
    assert "人民币1,200,000.00元" in by_id["penalty"].text
    assert by_id["pay_amount"].because[0].fact == "nc_pay"
    assert made.check is not None
    assert made.check.end == date(2028, 12, 31)
    assert {basis.rule for basis in by_id["pay_amount"].basis} == {
        "CN-LCL-23-24",
        "CN-LDI1-36",
        "CN-MOHRSS-NC",
    }


@pytest.mark.requirement("ONB-09")
def test_a_non_compete_without_scope_or_territory_or_too_long_is_refused_with_its_rule():
    library = LIBRARIES[0]
    facts = first_facts(library, "non_compete")
    assert facts.non_compete is not None
    long_ = Period(PeriodKind.SPAN, months=25)
    with pytest.raises(AgreementRefusedError) as refused:
        assemble(
            library, "non_compete", replace(facts, non_compete=replace(facts.non_compete, term=long_)), DAY
        )
    assert "24 months" in refused.value.fields["all"][0]
    assert "(CN-LCL-23-24)" in refused.value.fields["all"][0]
    bare = replace(facts.non_compete, scope="", territory=" ")
    with pytest.raises(AgreementRefusedError) as refused:
        assemble(library, "non_compete", replace(facts, non_compete=bare), DAY)
    assert len(refused.value.fields["all"]) == 2


def test_who_may_not_be_bound_is_not_bound():
    library = LIBRARIES[0]
    facts = first_facts(library, "non_compete")
    assert facts.non_compete is not None
    person = replace(facts.non_compete.person, class_id="other", knew_secrets=False)
    with pytest.raises(AgreementRefusedError) as refused:
        assemble(
            library, "non_compete", replace(facts, non_compete=replace(facts.non_compete, person=person)), DAY
        )
    rules = " ".join(refused.value.fields["all"])
    assert "(CN-LCL-23-24)" in rules
    assert "(CN-LDI2-13)" in rules


def test_what_may_be_overridden_passes_with_a_reason_and_stays_in_the_result():
    library = LIBRARIES[0]
    facts = first_facts(library, "non_compete")
    assert facts.non_compete is not None
    cheap = replace(facts.non_compete, monthly=Decimal("9999.99"), penalty=None)
    with pytest.raises(AgreementRefusedError):
        assemble(library, "non_compete", replace(facts, non_compete=cheap), DAY)
    let = (Override(Part.LONG_SHARE, "agreed with the works council"),)
    made = assemble(library, "non_compete", replace(facts, non_compete=cheap, overrides=let), DAY)
    assert made.check is not None
    assert [each.part for each in made.check.overridden] == [Part.LONG_SHARE]


def test_a_japanese_non_compete_with_a_penalty_is_refused():
    library = LIBRARIES[1]
    facts = first_facts(library, "non_compete")
    assert facts.non_compete is not None
    with pytest.raises(AgreementRefusedError) as refused:
        assemble(
            library,
            "non_compete",
            replace(facts, non_compete=replace(facts.non_compete, penalty=Decimal(1000000))),
            DAY,
        )
    assert "(JP-LSA-16)" in refused.value.fields["all"][0]


def test_a_non_compete_without_a_proposal_is_incomplete():
    library = LIBRARIES[0]
    facts = replace(first_facts(library, "non_compete"), non_compete=None)
    with pytest.raises(AgreementIncompleteError) as refused:
        assemble(library, "non_compete", facts, DAY)
    assert refused.value.fields["facts"][0] == "non_compete"


def test_a_companys_own_wording_is_signed_and_kept_as_a_deviation():
    library = LIBRARIES[0]
    facts = first_facts(library, "visitor_pledge")
    change = OwnChange("本人来访期间只在{area}活动。", heading="区域")
    plain = assemble(library, "visitor_pledge", facts, DAY)
    made = assemble(library, "visitor_pledge", facts, DAY, own_changes={"area": change})
    clause = made.clauses[0]
    assert (clause.heading, clause.text) == ("区域", f"本人来访期间只在{facts.values['area']}活动。")
    assert clause.changed
    (deviation,) = made.deviations
    assert (deviation.clause, deviation.old_heading, deviation.new) == ("area", "活动区域", change.text)
    assert "{area}" in deviation.old
    assert made.sha256 != plain.sha256
    same = library.kind("visitor_pledge").clause("area")
    assert same is not None
    unchanged = assemble(library, "visitor_pledge", facts, DAY, own_changes={"area": OwnChange(same.text)})
    assert not unchanged.deviations
    assert unchanged.sha256 == plain.sha256


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownAgreementError):
        assemble(LIBRARIES[0], "joining_pledge", Facts(MappingProxyType({})), DAY)
