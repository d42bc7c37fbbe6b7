"""Computes the score of protective measures from grades, and shows how each part of it came about.

Source: the proposal in the packs' `measures.yaml`; the seven kinds are those of the interpretation it cites.
A figure to order the work by: it states no legal conclusion, and no total is ever demanded to be 100.  Pure:
what the grades rest on is gathered elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.assurance import PERCENT, Deduction, MeasureKind, MeasureTable
from shoumi.engine.jurisdiction.entries import LEVELS
from shoumi.engine.jurisdiction.values import Status


class MeasureGradeError(InputError):
    """A grade outside 0 to 1, or for a kind that does not exist."""

    code = "jurisdiction.measure_grade"
    message = "“{value}” cannot be the grade of {kind}; a grade is a number from 0 to 1."


@dataclass(frozen=True, slots=True)
class Grade:
    """How one kind of measure stands on one day; each from 0 to 1."""

    evidence: float = 0.0  # 1: dated proof from before that day · ½: only recorded afterwards · 0: none
    coverage: float = 0.0  # share of those concerned whom it reaches
    fit: float = 0.0  # share of what the level expects that is there
    lived: float = 0.0  # share of cases in which it was followed
    recognisable: float = 0.0  # share of those concerned who can tell


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What takes away from the total."""

    bypass_rate: float = 0.0  # 0 to 1: share of cases in which the rule was not followed
    open_to_all: bool = False  # everybody in the company can read it
    private_uncontrolled: bool = False  # private phones or accounts hold it without control
    counter_measure: bool = False  # … but something was done about it
    public: bool = False


@dataclass(frozen=True, slots=True)
class KindShare:
    """What one kind adds."""

    kind: MeasureKind
    grade: Grade
    weight: float  # 0 to 1, after any change by counsel
    strength: float  # k, 0 to 1
    points: float  # by how much the total would fall without it, before deductions


@dataclass(frozen=True, slots=True)
class MeasuresScore:
    """The total with everything it came from."""

    total: float  # 0 to 100
    before_deductions: float
    kinds: tuple[KindShare, ...]
    deductions: tuple[tuple[Deduction, float], ...]  # with the factor by which each multiplied
    pass_mark: int
    status: Status  # of the formula: a proposal is unconfirmed

    @property
    def reached(self) -> bool:
        """Whether the internal mark of the level is reached; never a statement about the law."""
        return self.total >= self.pass_mark


def score_measures(  # noqa: PLR0913 - the parts of the formula, each named
    table: MeasureTable,
    *,
    level_id: str,
    grades: Mapping[str, Grade],
    circumstances: Circumstances | None = None,
    weights: Mapping[str, int] | None = None,
    pass_marks: Mapping[str, int] | None = None,
) -> MeasuresScore:
    """Return the score of `grades` (kind id → grade; a kind that is missing counts as absent).

    `weights` and `pass_marks` replace the pack's, in percent, where counsel changed them.

    Raises:
        MeasureGradeError: an unknown kind or level, or a grade outside 0 to 1.
    """
    circumstances = circumstances or Circumstances()
    if level_id not in LEVELS:
        raise MeasureGradeError(kind="level", value=level_id)
    _verify_grades(table, grades, circumstances)
    weighed = {kind.id: (weights or {}).get(kind.id, kind.weight) / PERCENT for kind in table.kinds}
    strengths = {kind.id: _strength(table, grades.get(kind.id, Grade())) for kind in table.kinds}
    gaps = {key: 1 - weighed[key] * strength for key, strength in strengths.items()}
    gap = prod(gaps.values())
    before = PERCENT * (1 - gap)
    deductions = _deductions(table, circumstances)
    kinds = tuple(
        KindShare(
            kind=kind,
            grade=grades.get(kind.id, Grade()),
            weight=weighed[kind.id],
            strength=strengths[kind.id],
            points=PERCENT * (prod(value for key, value in gaps.items() if key != kind.id) - gap),
        )
        for kind in table.kinds
    )
    return MeasuresScore(
        total=before * prod(factor for _deduction, factor in deductions),
        before_deductions=before,
        kinds=kinds,
        deductions=deductions,
        pass_mark=(pass_marks or {}).get(level_id, table.pass_marks[level_id]),
        status=table.origin.status,
    )


def _strength(table: MeasureTable, grade: Grade) -> float:
    parts = {
        "coverage": grade.coverage,
        "fit": grade.fit,
        "lived": grade.lived,
        "recognisable": grade.recognisable,
    }
    return grade.evidence * sum(table.shares[name] * value for name, value in parts.items()) / PERCENT


def _deductions(table: MeasureTable, circumstances: Circumstances) -> tuple[tuple[Deduction, float], ...]:
    """Return the deductions in force with their factors."""
    held: list[tuple[str, float]] = []
    if circumstances.bypass_rate:
        held.append(("bypass", circumstances.bypass_rate))
    if circumstances.open_to_all:
        held.append(("open_to_all", 1.0))
    if circumstances.private_uncontrolled:
        held.append(("private_countered" if circumstances.counter_measure else "private", 1.0))
    if circumstances.public:
        held.append(("public", 1.0))
    return tuple((table.malus[key], 1 - table.malus[key].percent / PERCENT * rate) for key, rate in held)


def _verify_grades(table: MeasureTable, grades: Mapping[str, Grade], circumstances: Circumstances) -> None:
    known = {kind.id for kind in table.kinds}
    for key, grade in grades.items():
        values = (grade.evidence, grade.coverage, grade.fit, grade.lived, grade.recognisable)
        wrong = [value for value in values if not 0 <= value <= 1]  # NaN fails here as well
        if key not in known or wrong:
            raise MeasureGradeError(kind=key, value=str(wrong[0]) if wrong else key)
    if not 0 <= circumstances.bypass_rate <= 1:
        raise MeasureGradeError(kind="bypass", value=str(circumstances.bypass_rate))
