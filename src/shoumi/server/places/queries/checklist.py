"""The three-defence checklist of a zone: what is asked, what it was worth last time, what is missing.

Follows the knowledge Q&A 十一; questions and intervals are the pack's.  A question that is not needed in a
zone counts neither for nor against it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shoumi.engine.jurisdiction import DefenceCheck
from shoumi.server.places.models import Inspection, InspectionItem, Zone
from shoumi.server.places.queries.holding import key_place_of
from shoumi.server.places.queries.standards import rules_for, said

Verdict = InspectionItem.Verdict
WORTH = {Verdict.MET: 2, Verdict.PARTLY: 1, Verdict.MISSING: 0}
BEST = 2
WHOLE = 100


@dataclass(frozen=True, slots=True)
class DefenceScore:
    """One of the three defences: its points in percent, and its answers."""

    id: str
    name: str
    percent: int | None  # None: nothing of it is needed here
    answers: tuple[tuple[str, InspectionItem], ...]  # question and answer


def checks_of(zone: Zone) -> tuple[DefenceCheck, ...]:
    """Return the questions to ask in `zone` now."""
    return rules_for(zone.entity).checks_for(is_key=key_place_of(zone) is not None)


def percent_of(verdicts: Iterable[str]) -> int | None:
    """Return what the answers are worth in percent, rounded down; None if none of them counts."""
    counted = [WORTH[Verdict(verdict)] for verdict in verdicts if verdict != Verdict.UNNEEDED]
    return WHOLE * sum(counted) // (BEST * len(counted)) if counted else None


def scores_of(inspection: Inspection) -> list[DefenceScore]:
    """Return the three defences as an inspection found them: one query."""
    rules = rules_for(inspection.zone.entity)
    items: Mapping[str, InspectionItem] = {item.check_id: item for item in inspection.items.all()}
    found = []
    for defence in rules.defences:
        answers = tuple(
            (said(check.names), items[check.id])
            for check in rules.checks
            if check.defence == defence.id and check.id in items
        )
        percent = percent_of(item.verdict for _question, item in answers)
        found.append(DefenceScore(defence.id, said(defence.names), percent, answers))
    return found


def next_after(day: date, months: int) -> date:
    """Return the day `months` months after `day`; the last of a month stays the last."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
