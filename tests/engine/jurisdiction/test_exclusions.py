"""The four exclusions: what each asks for, and what follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shoumi.engine.jurisdiction import (
    ExclusionAnswer,
    UnknownExclusionError,
    check_exclusions,
    load_pack,
    pack_ids,
)

DAY = date(2026, 3, 1)
SEARCH = {"sources_searched": "journals, web", "searched_on": "2026-02-20", "searched_by": "library"}
CLEAR = {
    "IDN-X1": ExclusionAnswer(applies=False, fields={"difference": "found by our own trials"}),
    "IDN-X2": ExclusionAnswer(applies=False, fields={"patent_search": "patent database, 2026-02-20, no hit"}),
    "IDN-X3": ExclusionAnswer(applies=False, fields=SEARCH),
    "IDN-X4": ExclusionAnswer(applies=False),
}


@pytest.mark.parametrize("pack_id", pack_ids())
def test_complete_answers_with_no_hit_are_clear(pack_id):
    verdict = check_exclusions(load_pack(pack_id), CLEAR, DAY)
    assert verdict.clear
    assert verdict.complete


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.parametrize("left_out", CLEAR)
def test_an_answer_left_out_or_empty_is_told(pack_id, left_out):
    pack = load_pack(pack_id)
    without = {key: answer for key, answer in CLEAR.items() if key != left_out}
    for answers in (without, without | {left_out: ExclusionAnswer(applies=None)}):
        verdict = check_exclusions(pack, answers, DAY)
        assert [item.id for item in verdict.unanswered] == [left_out]
        assert not verdict.clear


@pytest.mark.requirement("IDN-X1")
def test_public_knowledge_is_excluded():
    verdict = check_exclusions(load_pack("cn"), CLEAR | {"IDN-X1": ExclusionAnswer(applies=True)}, DAY)
    assert [item.id for item in verdict.excluded] == ["IDN-X1"]
    assert not verdict.clear


@pytest.mark.requirement("IDN-X2")
@pytest.mark.parametrize(("pack_id", "number"), [("cn", "CN123456789A"), ("jp", "特開2025-123456")])
def test_a_patent_excludes_from_its_publication_on(pack_id, number):
    pack = load_pack(pack_id)
    answer = ExclusionAnswer(
        applies=True, fields={"publication_number": number, "publication_date": "2026-03-01"}
    )
    assert [item.id for item in check_exclusions(pack, CLEAR | {"IDN-X2": answer}, DAY).excluded] == [
        "IDN-X2"
    ]
    before = check_exclusions(pack, CLEAR | {"IDN-X2": answer}, DAY - timedelta(days=1))
    assert not before.excluded
    assert [(item.id, day) for item, day in before.later] == [("IDN-X2", DAY)]
    assert before.clear


@pytest.mark.requirement("IDN-X2")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"publication_number": "CN123456789A"},
        {"publication_date": "2026-03-01"},
        {"publication_number": "pending", "publication_date": "2026-03-01"},
        {"publication_number": "CN123456789A", "publication_date": "2026-02-30"},
        {"publication_number": "CN123456789A; DROP", "publication_date": "2026-03-01"},
    ],
)
def test_a_patent_needs_its_number_and_day(fields):
    verdict = check_exclusions(
        load_pack("cn"), CLEAR | {"IDN-X2": ExclusionAnswer(applies=True, fields=fields)}, DAY
    )
    assert verdict.faults
    assert [item.id for item in verdict.excluded] == ["IDN-X2"], "in doubt it is not a secret"


@pytest.mark.requirement("IDN-X3")
@pytest.mark.parametrize("missing", SEARCH)
def test_the_search_of_public_sources_is_recorded_whatever_the_answer(missing):
    fields = {key: value for key, value in SEARCH.items() if key != missing}
    for applies in (True, False):
        answers = CLEAR | {"IDN-X3": ExclusionAnswer(applies=applies, fields=fields)}
        verdict = check_exclusions(load_pack("cn"), answers, DAY)
        assert [(fault.field.id, fault.fault) for fault in verdict.faults] == [(missing, "missing")]


@pytest.mark.requirement("IDN-X4")
def test_another_case_needs_its_provision():
    pack = load_pack("cn")
    assert check_exclusions(pack, CLEAR | {"IDN-X4": ExclusionAnswer(applies=True)}, DAY).faults
    named = ExclusionAnswer(applies=True, fields={"provision": "a rule"})
    assert [item.id for item in check_exclusions(pack, CLEAR | {"IDN-X4": named}, DAY).excluded] == ["IDN-X4"]


def test_an_answer_to_no_question_is_refused():
    with pytest.raises(UnknownExclusionError):
        check_exclusions(load_pack("cn"), {"IDN-X9": ExclusionAnswer(applies=False)}, DAY)


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.requirement("GEN-14")
def test_the_question_about_state_secrets_is_asked_in_every_language(pack_id):
    gate = load_pack(pack_id).state_secret
    for language in ("zh-hans", "ja", "en"):
        assert gate.question.in_language(language).strip()
        assert gate.consequence.in_language(language).strip()
