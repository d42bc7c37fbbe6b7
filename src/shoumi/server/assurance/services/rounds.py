"""The points of an inspection judged one by one, its systems, and the changes that findings ask for.

Follows the guide 五(五)2(2) and WEC-27.  An inspection with points is carried out when each was looked at.
What was to be a change of a rule is put right by a version that came into force since, not by words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.inspections import load_inspections
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import (
    Change,
    Finding,
    InspectedSystem,
    Inspection,
    InspectionPoint,
    RuleVersion,
)
from shoumi.server.assurance.services.writing import lines_of
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing
from shoumi.server.register.models import StorageUnit


class SystemsMissingError(InputError):
    """An evaluation of systems says which."""

    code = "assurance.systems_missing"
    message = "Name the systems that are evaluated, each of the same legal entity; only then are there any."


class PointsOpenError(ConflictError):
    """An inspection was not finished."""

    code = "assurance.points_open"
    message = "{count} points of the checklist were not looked at yet."


class PointsFixedError(ConflictError):
    """The result is recorded, and the points stand as they were judged."""

    code = "assurance.points_fixed"
    message = "The result of the inspection is recorded; its points stay as they are."


class GapWithoutWordsError(InputError):
    """What is not in order is said in words."""

    code = "assurance.gap_without_words"
    message = "Write down what is not in order."


class ChangeMissingError(InputError):
    """A finding about systems leads to a change, and only such a finding."""

    code = "assurance.change_missing"
    message = "A finding about systems says what shall be changed; other findings do not."


class RuleNotChangedError(InputError):
    """The rule that was to be changed is as it was."""

    code = "assurance.rule_not_changed"
    message = "Name the version of the rule that came into force after the evaluation."


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """What shall be changed; `system` None stands for all in the scope."""

    severity: str
    kind: str
    text: str
    system: InspectedSystem | None = None


def scope_set(inspection: Inspection, units: Sequence[StorageUnit], further: Sequence[str]) -> None:
    """Write down which systems an inspection evaluates.

    Raises:
        SystemsMissingError: there are none, or there are some without an evaluation of systems.
    """
    names = [text_of(InspectedSystem, "name", name) for name in further if name.strip()]
    elsewhere = any(unit.department.entity_id != inspection.entity_id for unit in units)
    wanted = inspection.reason == Inspection.Reason.SYSTEMS
    if elsewhere or wanted is not bool(units or names):
        raise SystemsMissingError
    rows = [InspectedSystem(inspection=inspection, unit=unit, name=str(unit)[:160]) for unit in units]
    rows += [InspectedSystem(inspection=inspection, name=name) for name in names]
    InspectedSystem.objects.bulk_create(rows)


def points_draw(inspection: Inspection) -> None:
    """Give an inspection the points that the pack has for its kind today, in their words."""
    kind = load_inspections(inspection.entity.pack).kind(inspection.reason)
    InspectionPoint.objects.bulk_create(
        InspectionPoint(
            inspection=inspection,
            number=number,
            code=point.id,
            words={"zh": point.names.zh, "ja": point.names.ja, "en": point.names.en},
        )
        for number, point in enumerate(kind.points if kind else (), start=1)
    )


def point_judge(
    *, actor: User, point: InspectionPoint, expected_version: int, result: str, note: str
) -> InspectionPoint:
    """Record what was seen at one point, as long as the result of the inspection is not recorded.

    Raises:
        NotPermittedError, RecordChangedError, PointsFixedError, GapWithoutWordsError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(point.inspection.entity),
        tag=LedgerTag.ASSURANCE_POINT_JUDGED,
    ) as entry:
        if locked(Inspection, point.inspection_id, None).state != Inspection.State.PLANNED:
            raise PointsFixedError
        row = locked(InspectionPoint, point.pk, expected_version)
        row.result = InspectionPoint.Result(result)
        row.note = text_of(InspectionPoint, "note", note)
        if row.result == InspectionPoint.Result.GAP and not row.note:
            raise GapWithoutWordsError
        row.judged_by = actor
        counted(row)
        entry.subject = row.ledger_subject
        entry.detail = {"inspection": str(row.inspection_id), "point": row.code, "result": row.result}
    return row


def points_verify_judged(inspection: Inspection) -> None:
    """Return if every point was looked at.

    Raises:
        PointsOpenError: some were not.
    """
    left = inspection.points.filter(result=InspectionPoint.Result.OPEN).count()
    if left:
        raise PointsOpenError(count=left)


def change_plan(finding: Finding, wish: ChangeWish | None) -> Change | None:
    """Write down what a finding shall change.

    Raises:
        ChangeMissingError: it is about systems without a change, or the other way round.
    """
    if (finding.inspection.reason == Inspection.Reason.SYSTEMS) is not (wish is not None):
        raise ChangeMissingError
    if wish is None:
        return None
    if wish.system is not None and wish.system.inspection_id != finding.inspection_id:
        raise SystemsMissingError
    return Change.objects.create(
        finding=finding,
        system=wish.system,
        severity=Change.Severity(wish.severity),
        kind=Change.Kind(wish.kind),
        text=lines_of(Change, "text", wish.text),
    )


def change_verify_rule(finding: Finding, rule: RuleVersion | None) -> None:
    """Keep the version that changed a rule with the change that asked for it.

    Raises:
        RuleNotChangedError: a rule was to be changed and none is named that came into force since the
            evaluation, or one is named where none was to be changed.
    """
    change = Change.objects.filter(finding=finding).first()
    wanted = change is not None and change.kind == Change.Kind.RULE
    if wanted is not (rule is not None):
        raise RuleNotChangedError
    if change is None or rule is None:
        return
    since = finding.inspection.carried_out_on
    changed = rule.state == RuleVersion.State.IN_FORCE and rule.published_on and since
    if not changed or rule.document.entity_id != finding.inspection.entity_id or rule.published_on < since:
        raise RuleNotChangedError
    change.rule = rule
    change.save(update_fields=["rule"])


def changes_counted(inspection: Inspection) -> dict[str, int]:
    """Return how many changes of each kind an inspection led to."""
    rows = Change.objects.filter(finding__inspection=inspection).order_by("kind")
    return dict(rows.values_list("kind").annotate(number=Count("pk")))
