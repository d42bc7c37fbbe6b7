"""The score of measures: every outcome of the proposal, the shape of the formula, and what it never says."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import (
    Circumstances,
    Grade,
    MeasureGradeError,
    Status,
    load_assurance,
    pack_ids,
    score_measures,
)

CN = load_assurance("cn").measures
KINDS = [kind.id for kind in CN.kinds]
share = st.floats(0, 1)
grade = st.builds(Grade, share, share, share, share, share)
grades = st.dictionaries(st.sampled_from(KINDS), grade)
circumstances = st.builds(Circumstances, share, st.booleans(), st.booleans(), st.booleans(), st.booleans())
level = st.sampled_from(["core", "important", "general"])


def examples():
    for pack_id in pack_ids():
        text = files("shoumi.packs").joinpath(pack_id, "measures.yaml").read_text(encoding="utf-8")
        for example in yaml.safe_load(text)["examples"]:
            yield pytest.param(pack_id, example, id=f"{pack_id}-{example['name']}")


@pytest.mark.parametrize(("pack_id", "example"), list(examples()))
def test_the_outcomes_of_the_proposal_come_out(pack_id, example):
    score = score_measures(
        load_assurance(pack_id).measures,
        level_id=example["level"],
        grades={kind: Grade(*values) for kind, values in example["grades"].items()},
        circumstances=Circumstances(**example["circumstances"]),
    )
    assert round(score.total, 1) == example["total"]


def test_all_seven_outcomes_are_kept():
    totals = [param.values[1]["total"] for param in examples() if param.values[0] == "cn"]
    assert totals == [83.2, 62.5, 4.6, 3.3, 15.7, 0.0, 88.2]


@pytest.mark.requirement("GEN-06")
def test_the_level_decides_what_is_expected_and_how_much_is_enough():
    expected = {
        level: {proof.id for kind in CN.kinds for proof in kind.proofs if proof.needed_at(level)}
        for level in CN.pass_marks
    }
    assert expected["general"] < expected["important"] < expected["core"]
    assert CN.pass_marks == {"core": 85, "important": 75, "general": 60}
    held = {"K1": Grade(1, 1, 0.9, 0.7, 0.9), "K4": Grade(1, 0.8, 0.5, 0.5, 0.5), "K5": Grade(1, 1, 0, 0, 0)}
    reached = {level: score_measures(CN, level_id=level, grades=held).reached for level in CN.pass_marks}
    assert reached == {"core": False, "important": False, "general": True}


@pytest.mark.requirement("GEN-07")
def test_nothing_ever_asks_for_a_hundred():
    perfect = {kind: Grade(1, 1, 1, 1, 1) for kind in KINDS}
    assert score_measures(CN, level_id="core", grades=perfect).total < 100
    assert max(CN.pass_marks.values()) < 100
    assert CN.origin.status is Status.UNCONFIRMED, "a proposal is shown as one"
    assert CN.kinds_status is Status.PRIMARY


@given(grades, circumstances, level)
def test_the_total_stays_between_nothing_and_a_hundred(held, facts, level_id):
    score = score_measures(CN, level_id=level_id, grades=held, circumstances=facts)
    assert 0 <= score.total <= score.before_deductions <= 100


@given(grades, st.sampled_from(KINDS), level)
def test_a_better_grade_never_lowers_the_total(held, kind, level_id):
    before = score_measures(CN, level_id=level_id, grades=held).total
    after = score_measures(CN, level_id=level_id, grades={**held, kind: Grade(1, 1, 1, 1, 1)}).total
    assert after >= before - 1e-9


def test_a_kind_alone_gives_what_its_weight_allows():
    score = score_measures(CN, level_id="general", grades={"K4": Grade(1, 1, 1, 1, 1)})
    assert score.total == pytest.approx(60)
    share_of = {item.kind.id: item.points for item in score.kinds}
    assert share_of["K4"] == pytest.approx(60)
    assert sum(share_of.values()) == pytest.approx(60)


@pytest.mark.parametrize(
    ("facts", "factor"),
    [
        (Circumstances(bypass_rate=1), 0.3),
        (Circumstances(bypass_rate=0.5), 0.65),
        (Circumstances(open_to_all=True), 0.5),
        (Circumstances(private_uncontrolled=True), 0.7),
        (Circumstances(private_uncontrolled=True, counter_measure=True), 0.9),
        (Circumstances(counter_measure=True), 1),
        (Circumstances(public=True), 0),
        (Circumstances(bypass_rate=1, open_to_all=True), 0.15),
    ],
)
def test_each_circumstance_takes_off_what_it_says(facts, factor):
    score = score_measures(CN, level_id="general", grades={"K4": Grade(1, 1, 1, 1, 1)}, circumstances=facts)
    assert score.total == pytest.approx(60 * factor)


def test_counsel_may_weigh_otherwise():
    held = {"K4": Grade(1, 1, 1, 1, 1)}
    score = score_measures(
        CN, level_id="general", grades=held, weights={"K4": 50}, pass_marks={"general": 50}
    )
    assert score.total == pytest.approx(50)
    assert score.reached


@pytest.mark.parametrize(
    ("held", "facts", "level_id"),
    [
        ({"K9": Grade()}, Circumstances(), "core"),
        ({"K1": Grade(evidence=1.1)}, Circumstances(), "core"),
        ({"K1": Grade(coverage=float("nan"))}, Circumstances(), "core"),
        ({}, Circumstances(bypass_rate=-0.1), "core"),
        ({}, Circumstances(), "secret"),
    ],
)
def test_what_is_no_grade_is_refused(held, facts, level_id):
    with pytest.raises(MeasureGradeError):
        score_measures(CN, level_id=level_id, grades=held, circumstances=facts)
