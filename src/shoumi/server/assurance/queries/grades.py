"""Turns proofs into grades and grades into scores: for one secret, or for a whole company, on any day.

Source: the formula of `engine.jurisdiction.measures`; weights are those that held on the day.  A score is a
figure to order the work by, shown with what is missing; it is never a conclusion of law.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shoumi.engine.jurisdiction import Circumstances, Grade, MeasuresScore, Proof, score_measures
from shoumi.engine.jurisdiction.assurance import MeasureKind
from shoumi.server.assurance.queries.proof_states import ProofState
from shoumi.server.assurance.queries.proofs import SecretOnDay, secrets_on
from shoumi.server.assurance.queries.weights import Weights, weights_at
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries.days import beginning_of


@dataclass(frozen=True, slots=True)
class MissingProof:
    """One entry of the work list: what is expected at the level and not all there."""

    proof: Proof
    state: ProofState | None

    @property
    def open(self) -> int:
        """How many are missing; 1 where nothing is recorded at all."""
        return self.state.need - self.state.have if self.state and self.state.evidence else 1


@dataclass(frozen=True, slots=True)
class SecretScoreOnDay:
    """The score of one secret with everything it rests on."""

    secret: SecretOnDay
    score: MeasuresScore
    missing: tuple[MissingProof, ...]


@dataclass(frozen=True, slots=True)
class CompanyScore:
    """The scores of a legal entity taken together: the mean, in which a higher level weighs more."""

    total: float
    reached: int
    secrets: int
    kinds: dict[str, float | None]  # mean strength of each kind, 0 to 1

    @property
    def share_reached(self) -> float:
        """The share of secrets that reach the mark of their level."""
        return self.reached / self.secrets if self.secrets else 0.0


def scores_on(
    entity: LegalEntity, day: date, ids: Iterable[UUID] | None = None
) -> tuple[Weights, list[SecretScoreOnDay]]:
    """Return the weights that held on `day` and the score of each secret of `entity`, or of `ids`."""
    weights = weights_at(entity, beginning_of(day + timedelta(days=1), entity.country))
    return weights, [_scored(secret, weights) for secret in secrets_on(entity, day, ids)]


def score_on(entity: LegalEntity, day: date, secret_id: UUID) -> tuple[Weights, SecretScoreOnDay | None]:
    """Return the weights and the score of one secret at the end of `day`; None if it was not registered."""
    weights, found = scores_on(entity, day, [secret_id])
    return weights, found[0] if found else None


def company_score(scores: Sequence[SecretScoreOnDay]) -> CompanyScore:
    """Return the scores taken together."""
    weight = sum(item.secret.rank for item in scores)
    total = sum(item.score.total * item.secret.rank for item in scores) / weight if weight else 0.0
    kinds: dict[str, list[float]] = {}
    for item in scores:
        for share in item.score.kinds:
            kinds.setdefault(share.kind.id, []).append(share.strength)
    return CompanyScore(
        total=total,
        reached=sum(item.score.reached for item in scores),
        secrets=len(scores),
        kinds={key: sum(values) / len(values) for key, values in kinds.items()},
    )


def _scored(secret: SecretOnDay, weights: Weights) -> SecretScoreOnDay:
    bypassed, cases = secret.bypassed
    facts = secret.facts
    score = score_measures(
        weights.table,
        level_id=secret.level,
        grades={kind.id: _grade(kind, secret) for kind in weights.table.kinds},
        circumstances=Circumstances(
            bypass_rate=bypassed / cases if cases else 0.0,
            open_to_all="open_to_all" in facts,
            private_uncontrolled="private" in facts,
            counter_measure="private_countered" in facts,
            public="public" in facts,
        ),
        weights=weights.kinds,
        pass_marks=weights.pass_marks,
    )
    missing = tuple(
        MissingProof(proof, secret.proofs.get(proof.id))
        for kind in weights.table.kinds
        for proof in kind.proofs
        if proof.needed_at(secret.level) and _is_missing(proof, secret.proofs.get(proof.id))
    )
    return SecretScoreOnDay(secret, score, missing)


def _is_missing(proof: Proof, state: ProofState | None) -> bool:
    if state is None or (not state.need and proof.answered_by == "recorded"):
        return proof.answered_by == "recorded"  # what the records do not mention does not arise
    return state.need > 0 and not (state.complete and state.evidence)


def _grade(kind: MeasureKind, secret: SecretOnDay) -> Grade:
    """Return the grade of a kind from its proofs, by what the level of the secret expects.

    Evidence is the best there is; coverage the mean over what is expected; fit the share of it for which
    anything is there; lived and recognisable the means of what is known, nothing where nothing is known.
    """
    states = [
        (proof, secret.proofs[proof.id])
        for proof in kind.proofs
        if proof.id in secret.proofs and secret.proofs[proof.id].need
    ]
    evidence = max((state.evidence for _proof, state in states), default=0.0)
    if not evidence:
        return Grade()
    expected = [
        proof
        for proof in kind.proofs
        if proof.needed_at(secret.level)
        and (proof.answered_by == "recorded" or any(proof is found for found, _state in states))
    ]
    shown = {proof.id: state for proof, state in states if state.evidence}
    count = len(expected) or 1
    reached = sum(shown[proof.id].coverage for proof in expected if proof.id in shown)
    fitting = sum(proof.id in shown for proof in expected)
    if not expected:  # more than the level asks for
        reached, fitting = max(state.coverage for state in shown.values()), 1
    return Grade(
        evidence=evidence,
        coverage=reached / count,
        fit=fitting / count,
        lived=_mean(state.lived for _proof, state in states),
        recognisable=_mean(state.recognisable for _proof, state in states),
    )


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0
