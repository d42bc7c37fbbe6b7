"""Suggests a level from graded factors, and explains it.

Source: the packs' `factors.yaml`.  The suggestion is arithmetic: a person decides, and says why.  Nothing is
stored here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.entries import GRADES
from shoumi.engine.jurisdiction.pack import Factor, Level, Pack
from shoumi.engine.jurisdiction.values import Status, Texts


class UnknownLevelError(InputError):
    """There is no such level."""

    code = "jurisdiction.unknown_level"
    message = "“{text}” is no level; the levels are {known}."


class GradeError(InputError):
    """A grade or a factor that does not exist."""

    code = "jurisdiction.grade"
    message = "The factor {factor} cannot be graded {grade}; a grade is a whole number from 0 to 4."


@dataclass(frozen=True, slots=True)
class FactorShare:
    """What one graded factor adds to the total."""

    factor: Factor
    grade: int
    grade_text: Texts
    points: float  # percent of the whole, so that the shares add up to the total


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A level the factors speak for; a person decides."""

    level: Level | None  # None: the missing factors could still change it
    total: float  # 0 to 100, over the factors graded
    explanation: tuple[FactorShare, ...]  # in the order of the pack
    raised_by: tuple[Factor, ...]  # factors whose grade lifted the level above the total
    missing: tuple[Factor, ...]  # required factors without a grade
    possible: tuple[Level, ...]  # levels that can result whatever the missing grades, highest first
    status: Status  # how well the table of factors is known


def level_by_id(pack: Pack, level_id: str) -> Level:
    """Return the level `core`, `important` or `general`.

    Raises:
        UnknownLevelError: there is no such level.
    """
    for level in pack.levels:
        if level.id == level_id:
            return level
    raise UnknownLevelError(text=level_id, known=", ".join(level.id for level in pack.levels))


def suggest_level(pack: Pack, scores: Mapping[str, int | None]) -> Suggestion:
    """Return the level that grades (factor id → 0 to 4, None for not graded) speak for.

    Raises:
        GradeError: an unknown factor, or a grade outside 0 to 4.
    """
    known = {factor.id for factor in pack.factors}
    for factor_id, grade in scores.items():
        if factor_id not in known or (grade is not None and (isinstance(grade, bool) or grade not in GRADES)):
            raise GradeError(factor=factor_id, grade=grade)
    graded = {factor_id: grade for factor_id, grade in scores.items() if grade is not None}
    missing = tuple(factor for factor in pack.factors if factor.required and factor.id not in graded)
    lowest, _ = _level(pack, graded | {factor.id: GRADES[0] for factor in missing})
    highest, _ = _level(pack, graded | {factor.id: GRADES[-1] for factor in missing})
    possible = tuple(level for level in pack.levels if lowest.rank <= level.rank <= highest.rank)
    level, raised_by = _level(pack, graded)
    whole = sum(factor.weight * GRADES[-1] for factor in pack.factors if factor.id in graded)
    explanation = tuple(
        FactorShare(
            factor=factor,
            grade=graded[factor.id],
            grade_text=factor.grades[graded[factor.id]],
            points=100 * factor.weight * graded[factor.id] / whole,
        )
        for factor in pack.factors
        if factor.id in graded
    )
    return Suggestion(
        level=level if len(possible) == 1 else None,
        total=_total(pack, graded),
        explanation=explanation,
        raised_by=raised_by,
        missing=missing,
        possible=possible,
        status=pack.origins["factors.yaml"].status,
    )


def _total(pack: Pack, graded: Mapping[str, int]) -> float:
    factors = [factor for factor in pack.factors if factor.id in graded]
    whole = sum(factor.weight * GRADES[-1] for factor in factors)
    return 100 * sum(factor.weight * graded[factor.id] for factor in factors) / whole if whole else 0.0


def _level(pack: Pack, graded: Mapping[str, int]) -> tuple[Level, tuple[Factor, ...]]:
    """Return the level for complete grades, and the factors that lifted it."""
    total = _total(pack, graded)
    by_total = next(level for level in pack.levels if total >= pack.thresholds[level.id])
    floors = [floor for floor in pack.floors if graded.get(floor.factor, -1) >= floor.grade]
    level = max((by_total, *(level_by_id(pack, floor.level) for floor in floors)), key=lambda item: item.rank)
    lifting = {floor.factor for floor in floors if level_by_id(pack, floor.level).rank > by_total.rank}
    return level, tuple(factor for factor in pack.factors if factor.id in lifting)
