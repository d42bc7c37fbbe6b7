"""When the next inspection of a kind is due for a legal entity, and what came out of one.

The interval is the pack's (`inspections.yaml`), counted from the last inspection of that kind; where none is
recorded, from the day on which the legal entity was.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet

from shoumi.engine.jurisdiction.inspections import load_inspections
from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Change, Finding, Inspection, InspectionPoint, RuleVersion
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.people.models import LegalEntity

KEEPERS = (Role.SECRECY_OFFICER,)


@dataclass(frozen=True, slots=True)
class Round:
    """When one kind of inspection comes round for a legal entity."""

    entity: LegalEntity
    kind: str
    last: date | None
    due_on: date
    remind_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the checklist in the reader's language."""

    row: InspectionPoint
    words: str


def entities_with_last(entities: QuerySet[LegalEntity], kind: str) -> QuerySet[LegalEntity]:
    """Add to each legal entity when it was last inspected in this way, as `last_round`."""
    last = Max("inspections__carried_out_on", filter=Q(inspections__reason=kind))
    return entities.annotate(last_round=last)


def entities_to_inspect(user: User, kind: str) -> QuerySet[LegalEntity]:
    """Return the legal entities whose inspections `user` plans, each with `last_round`."""
    return entities_with_last(entities_governed(user, KEEPERS), kind)


def round_of(entity: LegalEntity, kind: str) -> Round | None:
    """Return when an inspection comes round for an entity with `last_round`; None: it does not."""
    known = load_inspections(entity.pack).kind(kind)
    if known is None:
        return None
    begun = entity.created_at.astimezone(ZoneInfo(entity.time_zone)).date()
    last = entity.last_round
    return Round(entity, kind, last, known.due_after(last or begun), known.remind_days)


def rounds_of(entities: Iterable[LegalEntity], kind: str) -> list[Round]:
    """Return when a kind of inspection comes round for each entity, the most urgent first."""
    found = [each for entity in entities if (each := round_of(entity, kind)) is not None]
    return sorted(found, key=lambda each: (each.due_on, each.entity.code))


def points_of(inspection: Inspection, language: str) -> list[Point]:
    """Return the checklist of an inspection in words of `language`."""
    rows = inspection.points.select_related("judged_by")
    return [Point(row, row.in_language(language)) for row in rows]


def next_open_point(inspection: Inspection) -> InspectionPoint | None:
    """Return the first point that nobody has looked at yet."""
    return inspection.points.filter(result=InspectionPoint.Result.OPEN).first()


def findings_of(inspection: Inspection) -> list[Finding]:
    """Return the findings with what each changed, in the order in which they were recorded."""
    rows = inspection.findings.select_related(
        "department__entity", "owner", "proof", "rectified_by", "verified_by", "change__system",
        "change__rule",
    )  # fmt: skip
    return list(rows.order_by("number"))


def change_of(finding: Finding) -> Change | None:
    """Return what a finding shall change, if it is one about systems."""
    return Change.objects.select_related("system", "rule").filter(finding=finding).first()


def rules_changed_since(finding: Finding) -> QuerySet[RuleVersion]:
    """Return the versions in force that were published since the evaluation that made the finding."""
    rows = RuleVersion.objects.filter(
        document__entity=finding.inspection.entity, state=RuleVersion.State.IN_FORCE
    )
    return rows.filter(published_on__gte=finding.inspection.carried_out_on).order_by("title")
