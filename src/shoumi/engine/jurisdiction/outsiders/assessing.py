"""Scores the answers before an outsourcing, and names the items of a self-check that do not hold.

Source: the packs' `assessment` and `self_check`; the counting is our own: full points for yes, half for
partly, none for no, for no answer, and for an answer whose paper is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.outsiders.values import Assessment, Grade, SelfCheck

_POINTS = {Grade.YES: 2, Grade.PARTLY: 1, Grade.NO: 0}
_FULL = 2
_PERCENT = 100


class UnknownItemError(InputError):
    """An answer to something that is not asked."""

    code = "jurisdiction.outsider_item"
    message = "“{item}” is not asked here."


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, and whether its paper is there."""

    grade: Grade
    has_proof: bool = False


@dataclass(frozen=True, slots=True)
class Assessed:
    """The score of 100, and what is still missing before anybody may decide."""

    score: int
    passes: bool
    unanswered: tuple[str, ...]
    without_proof: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every question is answered and every paper is there."""
        return not self.unanswered and not self.without_proof


def assess(assessment: Assessment, answers: Mapping[str, Answered]) -> Assessed:
    """Return the score of the answers.

    Raises:
        UnknownItemError: an answer to no question of the assessment.
    """
    _verify_known(answers, [question.id for question in assessment.questions])
    unanswered = tuple(item.id for item in assessment.questions if item.id not in answers)
    without = tuple(
        item.id
        for item in assessment.questions
        if item.proof
        and item.id in answers
        and answers[item.id].grade is not Grade.NO
        and not answers[item.id].has_proof
    )
    points = sum(
        item.weight * _POINTS[answers[item.id].grade]
        for item in assessment.questions
        if item.id in answers and item.id not in without
    )
    most = _FULL * sum(item.weight for item in assessment.questions)
    score = points * _PERCENT // most
    return Assessed(score, score >= assessment.pass_at, unanswered, without)


def failing(check: SelfCheck, answers: Mapping[str, Grade]) -> tuple[str, ...]:
    """Return the items that do not hold; whatever is not answered with yes does not.

    Raises:
        UnknownItemError: an answer to no item of the list.
    """
    _verify_known(answers, [item.id for item in check.items])
    return tuple(item.id for item in check.items if answers.get(item.id) is not Grade.YES)


def _verify_known(answers: Mapping[str, object], known: list[str]) -> None:
    for item in answers:
        if item not in known:
            raise UnknownItemError(item=item)
