"""Levels: exact labels, approvals that rise with the level, and a suggestion that explains itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import (
    GradeError,
    UnknownLevelError,
    level_by_id,
    load_pack,
    pack_ids,
    suggest_level,
)

CN = load_pack("cn")
REQUIRED = [factor.id for factor in CN.factors if factor.required]
grades = st.integers(0, 4)
complete = st.fixed_dictionaries(
    dict.fromkeys(REQUIRED, grades), optional={"LVL-F8": st.one_of(st.none(), grades)}
)
partial = st.fixed_dictionaries(
    {}, optional={factor.id: st.one_of(st.none(), grades) for factor in CN.factors}
)


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.requirement("LVL-01", "LVL-02")
def test_three_levels_with_their_exact_labels(pack_id):
    assert [
        (level.id, level.rank, level.labels.zh, level.labels.ja, level.labels.en)
        for level in load_pack(pack_id).levels
    ] == [
        ("core", 3, "核心商密", "極秘", "Core"),
        ("important", 2, "重要商密", "秘", "Important"),
        ("general", 1, "普通商密", "社外秘", "General"),
    ]


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.requirement("LVL-03")
def test_the_approval_gets_harder_with_the_level(pack_id):
    core, important, general = load_pack(pack_id).levels
    assert [(step.role, step.within, step.quorum) for step in core.approval] == [
        ("secrecy_officer", "entity", 1),
        ("leader", "entity", 2),
    ]
    assert [(step.role, step.within, step.quorum) for step in important.approval] == [
        ("secrecy_officer", "entity", 1),
        ("leader", "entity", 1),
    ]
    assert [(step.role, step.within, step.quorum) for step in general.approval] == [
        ("secrecy_officer", "entity", 1),
        ("leader", "owner_department", 1),
    ]


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.requirement("SCP-01", "SCP-02")
def test_the_scope_narrows_with_the_level_and_core_is_never_for_all(pack_id):
    core, important, general = load_pack(pack_id).levels
    assert set(core.scope_allowed) < set(important.scope_allowed) < set(general.scope_allowed)
    assert "all_staff" not in {*core.scope_allowed, *important.scope_allowed}
    assert len({level.scope_template for level in (core, important, general)}) == 3


@pytest.mark.requirement("PER-01")
def test_each_level_has_a_default_period():
    assert [level.default_period.code for level in CN.levels] == ["long_term", "P5Y", "P3Y"]


@pytest.mark.requirement("LVL-F1", "LVL-F2", "LVL-F3", "LVL-F4", "LVL-F5", "LVL-F6", "LVL-F7", "LVL-F8")
@given(complete)
def test_a_complete_grading_suggests_one_level_and_explains_every_factor(scores):
    suggestion = suggest_level(CN, scores)
    assert suggestion.level is not None
    assert suggestion.possible == (suggestion.level,)
    assert not suggestion.missing
    graded = {factor_id: grade for factor_id, grade in scores.items() if grade is not None}
    assert {share.factor.id: share.grade for share in suggestion.explanation} == graded
    for share in suggestion.explanation:
        assert share.grade_text == share.factor.grades[share.grade]
    assert sum(share.points for share in suggestion.explanation) == pytest.approx(suggestion.total)
    assert 0 <= suggestion.total <= 100


@given(complete, st.sampled_from(REQUIRED))
def test_a_higher_grade_never_lowers_the_level(scores, factor_id):
    before = suggest_level(CN, scores)
    after = suggest_level(CN, scores | {factor_id: min(scores[factor_id] + 1, 4)})
    assert after.total >= before.total
    assert after.level.rank >= before.level.rank


@given(partial, st.data())
def test_whatever_is_missing_the_outcome_is_among_the_possible(scores, data):
    suggestion = suggest_level(CN, scores)
    missing = {factor.id: data.draw(grades) for factor in suggestion.missing}
    final = suggest_level(CN, scores | missing)
    assert final.level in suggestion.possible
    if suggestion.level is not None:
        assert final.level == suggestion.level


def test_a_floor_lifts_and_says_so():
    suggestion = suggest_level(CN, dict.fromkeys(REQUIRED, 0) | {"LVL-F5": 4})
    assert suggestion.level.id == "important"
    assert [factor.id for factor in suggestion.raised_by] == ["LVL-F5"]
    assert suggestion.total < CN.thresholds["important"]


def test_nothing_graded_leaves_everything_open():
    suggestion = suggest_level(CN, {})
    assert suggestion.level is None
    assert [level.id for level in suggestion.possible] == ["core", "important", "general"]
    assert [factor.id for factor in suggestion.missing] == REQUIRED


@pytest.mark.parametrize(
    "scores",
    [{"LVL-F9": 1}, {"LVL-F1": 5}, {"LVL-F1": -1}, {"LVL-F1": True}, {"LVL-F1": 2.5}, {"LVL-F1": "3"}],
)
def test_other_grades_are_refused(scores):
    with pytest.raises(GradeError):
        suggest_level(CN, scores)


def test_an_unknown_level_is_refused_with_the_known_ones():
    with pytest.raises(UnknownLevelError, match="core, important, general"):
        level_by_id(CN, "secret")
