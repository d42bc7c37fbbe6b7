"""Draws that can be made again, grades, tries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.training import AnswerError, DrawError, draw, grade, load_training, may_try

TABLES = {pack: load_training(pack) for pack in ("cn", "jp")}
CN = TABLES["cn"]
ASKED = draw(CN.questions, "2026", 10, CN.audience("all").parts)
RIGHT = {question.id: question.right for question in ASKED}


@given(st.sampled_from(["cn", "jp"]), st.text(max_size=20), st.data())
def test_a_draw_covers_each_part_and_is_given_by_its_seed(pack, seed, data):
    table = TABLES[pack]
    ids = [part.id for part in table.parts]
    parts = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    fitting = [question for question in table.questions if question.part in parts]
    count = data.draw(st.integers(len(parts), len(fitting)))
    asked = draw(table.questions, seed, count, parts)
    assert len({question.id for question in asked}) == len(asked) == count
    assert {question.part for question in asked} == set(parts)
    assert draw(tuple(reversed(table.questions)), seed, count, list(reversed(parts))) == asked


def test_another_seed_draws_other_questions():
    drawn = {draw(CN.questions, str(seed), 10, CN.audience("all").parts) for seed in range(30)}
    assert len(drawn) > 25


def test_a_draw_stays_the_same_over_versions_of_the_product():
    parts = CN.audience("new").parts
    assert [each.id for each in draw(CN.questions, "seed", 5, parts)] == [
        "CN-T03",
        "CN-T31",
        "CN-T17",
        "CN-T29",
        "CN-T43",
    ]


@pytest.mark.parametrize(
    ("count", "parts"), [(3, CN.audience("all").parts), (0, []), (1, []), (999, ["SRV-T1"]), (1, ["none"])]
)
def test_draws_that_cannot_be_are_refused(count, parts):
    with pytest.raises(DrawError):
        draw(CN.questions, "s", count, parts)


def test_a_part_without_questions_is_refused():
    with pytest.raises(DrawError, match="no question is about “none”"):
        draw(CN.questions, "s", 5, ["SRV-T1", "none"])


@pytest.mark.parametrize(("wrong", "percent", "passed"), [(0, 100, True), (2, 80, True), (3, 70, False)])
def test_eighty_of_a_hundred_pass(wrong, percent, passed):
    answers = dict(list(RIGHT.items())[wrong:])
    found = grade(ASKED, answers, 80)
    assert (found.percent, found.passed, len(found.wrong)) == (percent, passed, wrong)


def test_the_pass_mark_is_not_rounded_up():
    asked = ASKED[:9]
    found = grade(asked, {question.id: question.right for question in asked[:7]}, 78)
    assert (found.percent, found.passed) == (77, False)


def test_several_right_options_are_answered_together():
    several = next(question for question in CN.questions if len(question.right) > 1)
    part = sorted(several.right)[:1]
    assert not grade([several], {several.id: part}, 80).passed
    assert not grade([several], {several.id: range(len(several.options))}, 80).passed
    assert grade([several], {several.id: sorted(several.right)}, 80).passed


def test_answers_that_cannot_be_are_refused():
    with pytest.raises(AnswerError):
        grade(ASKED, {"CN-T99": {0}}, 80)
    with pytest.raises(AnswerError):
        grade(ASKED, {ASKED[0].id: {9}}, 80)
    with pytest.raises(DrawError):
        grade([], {}, 80)


def test_tries_end_when_passed_or_used_up():
    good, bad = grade(ASKED, RIGHT, 80), grade(ASKED, {}, 80)
    assert may_try([], 3)
    assert may_try([bad, bad], 3)
    assert not may_try([bad, bad, bad], 3)
    assert not may_try([good], 3)
