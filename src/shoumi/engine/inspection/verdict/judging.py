"""Applies the rules of a policy to findings: every rule that speaks is told, the most severe action wins.

Work: one pass over the findings for each distinct pair of kind and id, not for each rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shoumi.engine.inspection.values import FindingKind
from shoumi.engine.inspection.verdict.values import (
    Action,
    Counting,
    Facts,
    Judged,
    Policy,
    PolicyRule,
    worst,
)
from shoumi.engine.jurisdiction.values import Texts


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule that spoke, and how much it counted."""

    rule: str
    action: Action
    reason: Texts
    amount: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done and why; `grounds` from the most severe to the mildest."""

    action: Action
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sort:
    """Findings alike in everything but what they count as."""

    kind: FindingKind
    id: str
    level: str
    score: float


_Tally = dict[_Sort, Counter[Hashable]]


def judge(findings: Iterable[Judged], facts: Facts, policy: Policy) -> Verdict:
    """Return what `policy` says of `findings` in the circumstances `facts`."""
    tally: _Tally = {}
    for finding in findings:
        sort = _Sort(finding.kind, finding.id, finding.level, finding.score)
        tally.setdefault(sort, Counter())[finding.counts_as] += 1
        if finding.count > 1:  # those nobody looked at count as different: rather too severe than too mild
            tally[sort].update((finding.counts_as, number) for number in range(1, finding.count))
    if not tally:
        return Verdict(Action.ALLOW)
    grounds = [
        Ground(rule.id, rule.action, rule.reason, amount)
        for rule in policy.rules
        if circumstances_fit(rule, facts) and (amount := _amount(rule, tally)) >= rule.at_least
    ]
    grounds.sort(key=lambda ground: (-ground.action.severity, ground.rule))
    return Verdict(worst(ground.action for ground in grounds), tuple(grounds))


def circumstances_fit(rule: PolicyRule, facts: Facts) -> bool:
    """Return whether place, reach, path and person are those that `rule` asks for."""
    return (
        (not rule.places or facts.place in rule.places)
        and (not rule.reaches or facts.reach in rule.reaches)
        and (not rule.persons or bool(facts.persons.intersection(rule.persons)))
        and not facts.persons.intersection(rule.unless_persons)
        and (not rule.names or any(fnmatchcase(facts.name, form) for form in rule.names))
    )


def _amount(rule: PolicyRule, tally: _Tally) -> int:
    fitting = [(sort, counted) for sort, counted in tally.items() if _sort_fits(rule, sort)]
    if rule.counting == Counting.FINDINGS:
        return sum(counted.total() for _, counted in fitting)
    return len({(sort.kind, sort.id, each) for sort, counted in fitting for each in counted})


def _sort_fits(rule: PolicyRule, sort: _Sort) -> bool:
    return (
        (not rule.kinds or sort.kind in rule.kinds)
        and (not rule.levels or sort.level in rule.levels)
        and sort.score >= rule.least_score
        and (not rule.ids or any(fnmatchcase(sort.id, form) for form in rule.ids))
    )
