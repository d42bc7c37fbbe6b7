"""The score before an outsourcing and the self-check, by their properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.outsiders import Answered, Grade, assess, failing, load_outsiders
from shoumi.engine.jurisdiction.outsiders.assessing import UnknownItemError

JP = load_outsiders("jp")
IDS = [question.id for question in JP.assessment.questions]
ANSWERS = st.dictionaries(
    st.sampled_from(IDS), st.builds(Answered, st.sampled_from(Grade), st.booleans()), max_size=len(IDS)
)


@given(ANSWERS)
def test_the_score_lies_in_bounds_and_never_falls_when_an_answer_improves(answers):
    found = assess(JP.assessment, answers)
    assert 0 <= found.score <= 100
    assert set(found.unanswered) == set(IDS) - set(answers)
    better = {key: Answered(Grade.YES, has_proof=True) for key in answers}
    assert assess(JP.assessment, {**answers, **better}).score >= found.score
    assert not assess(JP.assessment, better).without_proof


@pytest.mark.requirement("JPN-07")
def test_an_answer_without_its_paper_counts_nothing_and_is_named():
    everything = {key: Answered(Grade.YES, has_proof=True) for key in IDS}
    full = assess(JP.assessment, everything)
    assert (full.score, full.passes, full.is_complete) == (100, True, True)
    found = assess(JP.assessment, {**everything, "devices": Answered(Grade.YES)})
    assert found.without_proof == ("devices",)
    assert not found.is_complete
    assert found.score < full.score
    honest = assess(JP.assessment, {**everything, "devices": Answered(Grade.NO)})
    assert honest.is_complete, "what is not so needs no paper"
    assert honest.score == found.score


def test_what_is_not_asked_cannot_be_answered():
    with pytest.raises(UnknownItemError):
        assess(JP.assessment, {"weather": Answered(Grade.YES)})
    with pytest.raises(UnknownItemError):
        failing(JP.self_check, {"Z9": Grade.YES})


@pytest.mark.requirement("JPN-11")
def test_one_item_that_does_not_hold_crosses_the_line():
    every = {item.id: Grade.YES for item in JP.self_check.items}
    assert failing(JP.self_check, every) == ()
    for item in every:
        assert failing(JP.self_check, {**every, item: Grade.PARTLY}) == (item,)
    assert set(failing(JP.self_check, {})) == set(every)
