"""Proof of duties added by hand, and the catalogue of technical measures per step of the business.

Follows the guide 二(二)1 to 9 and 4 (technical measures).  Proof is withdrawn with a reason, never deleted.
"""

from __future__ import annotations

from datetime import date

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.governance import load_governance
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import DutyEvidence, TechnicalMeasure
from shoumi.server.assurance.services.writing import AlreadyEndedError, subject_of, verify_order, verify_past
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing


class UnknownDutyError(InputError):
    """The pack knows no such duty."""

    code = "assurance.unknown_duty"
    message = "There is no duty {duty}."


def evidence_add(  # noqa: PLR0913 - the parts of a proof, each named
    *,
    actor: User,
    entity: LegalEntity,
    duty: str,
    day: date,
    text: str,
    file: StoredFile | None = None,
) -> DutyEvidence:
    """Add a piece of proof that a duty was done.

    Raises:
        NotPermittedError, UnknownDutyError, FutureDayError, FieldMissingError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_DUTY_PROVED,
    ) as entry:
        if duty not in {item.id for item in load_governance(entity.pack).duties}:
            raise UnknownDutyError(duty=duty)
        verify_past(day, today_of(entity))
        row = DutyEvidence.objects.create(
            entity=entity,
            duty=duty,
            day=day,
            text=text_of(DutyEvidence, "text", text, required=True),
            file=file,
            added_by=actor,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {"event": "added", "duty": duty, "file_sha256": file.sha256 if file else None}
    return row


def evidence_withdraw(
    *, actor: User, evidence: DutyEvidence, expected_version: int, reason: str
) -> DutyEvidence:
    """Withdraw a piece of proof that was added by mistake; it stays readable."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(evidence.entity),
        tag=LedgerTag.ASSURANCE_DUTY_PROVED,
    ) as entry:
        row = locked(DutyEvidence, evidence.pk, expected_version)
        if row.withdrawn_at is not None:
            raise AlreadyEndedError
        row.withdrawn_at = clock().now()
        row.withdrawn_reason = text_of(DutyEvidence, "withdrawn_reason", reason, required=True)
        counted(row)
        entry.subject = subject_of(row)
        entry.detail = {"event": "withdrawn", "reason": row.withdrawn_reason}
    return row


def measure_record(  # noqa: PLR0913 - the parts of a measure, each named
    *,
    actor: User,
    entity: LegalEntity,
    step: str,
    name: str,
    level: int,
    keeper: Department,
    since: date,
    note: str = "",
) -> TechnicalMeasure:
    """Enter a technical measure into the catalogue."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_MEASURE_CHANGED,
    ) as entry:
        row = TechnicalMeasure.objects.create(
            entity=entity,
            step=TechnicalMeasure.Step(step),
            name=text_of(TechnicalMeasure, "name", name, required=True),
            level=level,
            keeper=keeper,
            since=since,
            note=text_of(TechnicalMeasure, "note", note),
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {"event": "recorded", "step": row.step, "level": level}
    return row


def measure_end(
    *, actor: User, measure: TechnicalMeasure, expected_version: int, until: date
) -> TechnicalMeasure:
    """Say until when a measure was in place."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(measure.entity),
        tag=LedgerTag.ASSURANCE_MEASURE_CHANGED,
    ) as entry:
        row = locked(TechnicalMeasure, measure.pk, expected_version)
        if row.until is not None:
            raise AlreadyEndedError
        verify_order(row.since, until)
        row.until = until
        counted(row)
        entry.subject = subject_of(row)
        entry.detail = {"event": "ended", "until": until.isoformat()}
    return row
