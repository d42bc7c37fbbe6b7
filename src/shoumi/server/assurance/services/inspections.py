"""Inspections: planned, carried out with findings, each put right with proof and verified by another person.

Follows the guide 二(二)5 and the improvement it asks for in 二(一).  An inspection closes when every
finding is verified, not before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db.models import Max

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import FINDING, INSPECTION, advance
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Finding, Inspection, RuleVersion
from shoumi.server.assurance.queries.access import finding_resource
from shoumi.server.assurance.services.notices import office_of, tell, tell_persons
from shoumi.server.assurance.services.rounds import (
    ChangeWish,
    change_plan,
    change_verify_rule,
    changes_counted,
    points_draw,
    points_verify_judged,
    scope_set,
)
from shoumi.server.assurance.services.writing import lines_of, verify_past
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.queries.addressing import verify_by_name
from shoumi.server.people.queries.places import standing
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import Entry, counted, writing
from shoumi.server.register.models import StorageUnit


class InspectionPlacesError(InputError):
    """An inspection looks at departments of its own legal entity."""

    code = "assurance.inspection_places"
    message = "Name at least one department, and only departments of the same legal entity."


class InspectionByTwoError(InputError):
    """How staff follow the rules is inspected by two departments."""

    code = "assurance.inspection_by_two"
    message = "Conduct of duties is inspected together with somebody of another department: name them."


class InspectionReportError(InputError):
    """The record of such an inspection is filed."""

    code = "assurance.inspection_report"
    message = "The record of an inspection of conduct is filed with it: add the report."


class FindingsOpenError(ConflictError):
    """Something is still to be put right or verified."""

    code = "assurance.findings_open"
    message = "{count} findings are not verified yet; the inspection stays open until they are."


class InspectionNotUnderWayError(ConflictError):
    """Findings belong to an inspection that was carried out and is not closed."""

    code = "assurance.inspection_not_under_way"
    message = "Findings are recorded for an inspection that was carried out and is not closed."


def inspection_plan(  # noqa: PLR0913 - the parts of a plan, each named
    *,
    actor: User,
    entity: LegalEntity,
    title: str,
    reason: str,
    departments: Sequence[Department],
    lead: Person,
    planned_on: date,
    beside: Person | None = None,
    units: Sequence[StorageUnit] = (),
    further: Sequence[str] = (),
) -> Inspection:
    """Plan an inspection of some departments; that of conduct is led with somebody of another department.

    An evaluation of systems names them: `units` of the register, and `further` ones in words.

    Raises:
        NotPermittedError, InspectionPlacesError, InspectionByTwoError, FieldMissingError: each as it says.
        SystemsMissingError: systems are evaluated and none is named, or one of another legal entity.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_INSPECTION_CHANGED,
    ) as entry:
        if not departments or any(item.entity_id != entity.pk for item in departments):
            raise InspectionPlacesError
        if reason == Inspection.Reason.CONDUCT and not _apart(lead, beside):
            raise InspectionByTwoError
        row = Inspection.objects.create(
            entity=entity,
            number=_number(entity, planned_on.year),
            beside=beside,
            title=text_of(Inspection, "title", title, required=True),
            reason=Inspection.Reason(reason),
            lead=lead,
            planned_on=planned_on,
            created_at=clock().now(),
        )
        row.departments.set(departments)
        scope_set(row, units, further)
        points_draw(row)
        entry.subject = row.ledger_subject
        entry.detail = {
            "event": "planned",
            "number": row.number,
            "planned_on": planned_on.isoformat(),
            "departments": sorted(str(item.pk) for item in departments),
        }
    return row


def inspection_carry_out(  # noqa: PLR0913 - the result, each part named
    *,
    actor: User,
    inspection: Inspection,
    expected_version: int,
    carried_out_on: date,
    summary: str,
    report: StoredFile | None = None,
) -> Inspection:
    """Record that an inspection took place and what came out of it.

    Raises:
        NotPermittedError, InspectionReportError, TransitionRefusedError: each as it says.
        PointsOpenError: a point of the checklist was not looked at.
    """
    with _moving(actor, inspection, expected_version, "carry_out") as (row, entry):
        points_verify_judged(row)
        if row.reason == Inspection.Reason.CONDUCT and report is None:
            raise InspectionReportError
        verify_past(carried_out_on, today_of(row.entity))
        row.carried_out_on, row.report = carried_out_on, report
        row.summary = lines_of(Inspection, "summary", summary)
        entry.detail |= {"report_sha256": report.sha256 if report else None}
    return row


def inspection_close(*, actor: User, inspection: Inspection, expected_version: int) -> Inspection:
    """Close an inspection all of whose findings were verified.

    Raises:
        NotPermittedError, FindingsOpenError, TransitionRefusedError: each as it says.
    """
    with _moving(actor, inspection, expected_version, "close") as (row, entry):
        left = row.findings.exclude(state=Finding.State.VERIFIED).count()
        if left:
            raise FindingsOpenError(count=left)
        row.closed_at = clock().now()
        entry.detail |= {"findings": row.findings.count(), "changes": changes_counted(row)}
    return row


def inspection_call_off(
    *, actor: User, inspection: Inspection, expected_version: int, reason: str
) -> Inspection:
    """Call an inspection off that has not taken place."""
    with _moving(actor, inspection, expected_version, "call_off") as (row, entry):
        row.summary = lines_of(Inspection, "summary", reason)
        row.closed_at = clock().now()
        entry.detail |= {"reason": row.summary}
    return row


def finding_record(  # noqa: PLR0913 - the parts of a finding, each named
    *,
    actor: User,
    inspection: Inspection,
    department: Department,
    text: str,
    weight: str,
    owner: Person,
    due_on: date,
    change: ChangeWish | None = None,
) -> Finding:
    """Record something that is not in order, who puts it right and by when; they are told.

    A finding about systems says with `change` what shall be changed.

    Raises:
        NotPermittedError, InspectionNotUnderWayError, InspectionPlacesError: each as it says.
        ChangeMissingError: there is none about systems, or one about something else.
        WorkerAddressedError: the owner works for another company, which is asked instead.
    """
    verify_by_name(owner)
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(inspection.entity),
        tag=LedgerTag.ASSURANCE_FINDING_RECORDED,
    ) as entry:
        row = locked(Inspection, inspection.pk, None)
        if row.state != Inspection.State.CARRIED_OUT:
            raise InspectionNotUnderWayError
        if not row.departments.filter(pk=department.pk).exists():
            raise InspectionPlacesError
        last = row.findings.aggregate(last=Max("number"))["last"] or 0
        finding = Finding.objects.create(
            inspection=row,
            number=last + 1,
            department=department,
            text=lines_of(Finding, "text", text),
            weight=Finding.Weight(weight),
            owner=owner,
            due_on=due_on,
            created_at=clock().now(),
        )
        planned = change_plan(finding, change)
        tell_persons([owner], "finding", {"inspection": row.title, "due_on": due_on.isoformat()})
        entry.subject = finding.ledger_subject
        entry.detail = {
            "inspection": str(row.pk),
            "department": str(department.pk),
            "weight": weight,
            "due_on": due_on.isoformat(),
            **({"severity": planned.severity, "change": planned.kind} if planned else {}),
        }
    return finding


def finding_rectify(  # noqa: PLR0913 - what was done, each part named
    *,
    actor: User,
    finding_id: UUID,
    expected_version: int,
    action: str,
    proof: StoredFile,
    rule: RuleVersion | None = None,
) -> Finding:
    """Say what was done about a finding, with the proof; the office is told that it can be verified.

    Where a rule of the company was to be changed, `rule` is its version in force since.

    Raises:
        NotPermittedError, TransitionRefusedError: each as it says.
        RuleNotChangedError: a rule was to be changed, and this one was not since.
    """
    found = _finding(finding_id)
    with writing(
        actor=actor,
        action=Action.WORK_REPORT,
        resource=finding_resource(found),
        tag=LedgerTag.ASSURANCE_FINDING_RECTIFIED,
    ) as entry:
        row = locked(Finding, found.pk, expected_version)
        row.state = advance(FINDING, row.state, "rectify")
        row.action = lines_of(Finding, "action", action)
        change_verify_rule(found, rule)
        row.proof, row.rectified_by, row.rectified_at = proof, actor, clock().now()
        counted(row)
        tell(
            office_of(found.inspection.entity) - {actor},
            "finding_rectified",
            {"inspection": found.inspection.title},
        )
        entry.subject = row.ledger_subject
        entry.detail = {"proof_sha256": proof.sha256, **({"rule": str(rule.pk)} if rule else {})}
    return row


def finding_verify(*, actor: User, finding_id: UUID, expected_version: int, verdict: str) -> Finding:
    """Verify, as another person, that a finding was put right."""
    return _judge(actor, finding_id, expected_version, "verify", verdict)


def finding_send_back(*, actor: User, finding_id: UUID, expected_version: int, verdict: str) -> Finding:
    """Say, as another person, why what was done does not put a finding right."""
    return _judge(actor, finding_id, expected_version, "send_back", verdict)


JUDGED = {
    "verify": LedgerTag.ASSURANCE_FINDING_VERIFIED,
    "send_back": LedgerTag.ASSURANCE_FINDING_RETURNED,
}


def _judge(actor: User, finding_id: UUID, expected_version: int, move: str, verdict: str) -> Finding:
    found = _finding(finding_id)
    with writing(
        actor=actor, action=Action.WORK_VERIFY, resource=finding_resource(found), tag=JUDGED[move]
    ) as entry:
        row = locked(Finding, found.pk, expected_version)
        row.state = advance(FINDING, row.state, move)
        row.verdict = lines_of(Finding, "verdict", verdict)
        row.verified_by, row.verified_at = actor, clock().now()
        counted(row)
        if move == "send_back":
            tell_persons([found.owner], "finding_returned", {"inspection": found.inspection.title})
        entry.subject = row.ledger_subject
        entry.detail = {"verdict": row.verdict}
    return row


def _finding(finding_id: UUID) -> Finding:
    rows = Finding.objects.select_related("inspection__entity", "department__entity", "owner__user")
    return rows.get(pk=finding_id)


def _apart(lead: Person, beside: Person | None) -> bool:
    """Tell whether two persons stand in different departments."""
    if beside is None or beside.pk == lead.pk:
        return False
    rows = (person.engagements.select_related("department__entity") for person in (lead, beside))
    one, other = ({item.department_id for item in standing(each)} for each in rows)
    return bool(one and other) and not one & other


def _number(entity: LegalEntity, year: int) -> str:
    """Return the next number of the entity's inspections in a year; the entity's row is locked."""
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    start = f"{entity.code}-I-{year}-"
    newest = Inspection.objects.filter(number__startswith=start).order_by("-number").first()
    after = int(newest.number.removeprefix(start)) if newest else 0
    return f"{start}{after + 1:04d}"


@contextmanager
def _moving(
    actor: User, inspection: Inspection, expected_version: int, move: str
) -> Iterator[tuple[Inspection, Entry]]:
    """Move an inspection on inside `writing`: locked, its state advanced, counted at the end."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(inspection.entity),
        tag=LedgerTag.ASSURANCE_INSPECTION_CHANGED,
    ) as entry:
        row = locked(Inspection, inspection.pk, expected_version)
        row.state = advance(INSPECTION, row.state, move)
        entry.subject = row.ledger_subject
        entry.detail = {"event": move}
        yield row, entry
        counted(row)
