"""Draws questions, grades answers and tells whether somebody may try again.

Whose rule: the pass mark and the tries are the pack's, proposals both.  A draw is given by its seed alone:
questions are ordered by SHA-256 of seed and id, so that anybody can draw the same ones again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.training.values import Question

_PERCENT = 100


class DrawError(InputError):
    """So many questions cannot be drawn from these parts."""

    code = "jurisdiction.training_draw"
    message = "{count} questions cannot be drawn: {reason}."


class AnswerError(InputError):
    """An answer is to no question of the test, or names an option it does not have."""

    code = "jurisdiction.training_answer"
    message = "The answer to the question “{question}” cannot be used."


@dataclass(frozen=True, slots=True)
class Grade:
    """How a test went."""

    right: tuple[str, ...]  # questions
    wrong: tuple[str, ...]  # those without an answer too
    percent: int  # rounded down, for people; passing is computed from the counts
    passed: bool


def draw(bank: Sequence[Question], seed: str, count: int, parts: Collection[str]) -> tuple[Question, ...]:
    """Return `count` questions about `parts`, at least one about each, the same for the same seed.

    Raises:
        DrawError: fewer questions than parts are asked for, a part has none, or the bank has too few.
    """
    wanted = tuple(dict.fromkeys(parts))
    fitting = sorted((each for each in bank if each.part in wanted), key=lambda each: _place(seed, each.id))
    if not wanted or count < len(wanted):
        raise DrawError(count=count, reason=Phrase("each of {parts} parts needs one", parts=len(wanted)))
    if len(fitting) < count:
        raise DrawError(count=count, reason=Phrase("there are only {found}", found=len(fitting)))
    first: dict[str, Question] = {}
    for question in fitting:
        first.setdefault(question.part, question)
    if missing := [part for part in wanted if part not in first]:
        raise DrawError(count=count, reason=Phrase("no question is about “{part}”", part=missing[0]))
    chosen = {question.id for question in first.values()}
    for question in fitting:
        if len(chosen) == count:
            break
        chosen.add(question.id)
    return tuple(question for question in fitting if question.id in chosen)


def grade(questions: Sequence[Question], answers: Mapping[str, Collection[int]], pass_percent: int) -> Grade:
    """Return how a test went; an answer is right if it names exactly the right options.

    Raises:
        AnswerError: an answer to no question of the test, or with an option it does not have.
        DrawError: there is no question.
    """
    if not questions:
        raise DrawError(count=0, reason=Phrase("there are only {found}", found=0))
    by_id = {question.id: question for question in questions}
    for id_, chosen in answers.items():
        if id_ not in by_id or not set(chosen) <= set(range(len(by_id[id_].options))):
            raise AnswerError(question=id_)
    right = tuple(id_ for id_, question in by_id.items() if set(answers.get(id_, ())) == question.right)
    return Grade(
        right=right,
        wrong=tuple(id_ for id_ in by_id if id_ not in right),
        percent=_PERCENT * len(right) // len(by_id),
        passed=_PERCENT * len(right) >= pass_percent * len(by_id),
    )


def may_try(grades: Sequence[Grade], tries: int) -> bool:
    """Return whether somebody may take the test again: it is not passed, and tries are left."""
    return len(grades) < tries and not any(each.passed for each in grades)


def _place(seed: str, id_: str) -> bytes:
    return hashlib.sha256(f"{len(seed)}:{seed}{id_}".encode()).digest()
