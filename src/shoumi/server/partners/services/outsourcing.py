"""Assesses an outsourcing before it begins, checks the line to dispatch, keeps the register of personal data.

Follows the Japanese page.  A second person decides on an assessment, once every question is answered and
every paper is there; a score below the pack's needs a reason.  Without it nothing is disclosed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from shoumi.engine.jurisdiction.outsiders import Grade, failing
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import files_adopt
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Assessment, AssessmentAnswer, Outsourcing, Partner, SelfCheck
from shoumi.server.partners.queries.outsourcing import assessed_until, pack_of, standing_of
from shoumi.server.partners.queries.partners import partner_resource
from shoumi.server.partners.services.errors import (
    AssessmentOpenError,
    AssessmentQuestionError,
    AssessmentStateError,
    OutsourcingOverError,
    OutsourcingUnassessedError,
)
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services.editing import locked, record, text_of

State = Assessment.State
TEXTS = ("purpose", "kinds", "where")


@dataclass(frozen=True, slots=True)
class OutsourcingWish:
    """A line of the register."""

    purpose: str
    kinds: str
    number: str
    where: str
    starts_on: date
    chain: str = ""


def assessment_begin(*, actor: User, partner: Partner, scope: str) -> Assessment:
    """Begin an assessment of what is to be outsourced.

    Raises:
        NotPermittedError, FieldMissingError: each as it says.
        AssessmentStateError: one is open already.
    """
    gate.require(actor, Action.PARTNER_ASSESS, partner_resource(partner))
    with transaction.atomic():
        locked(Partner, partner.pk, None)
        if partner.assessments.filter(state__in=(State.DRAFT, State.SUBMITTED)).exists():
            raise AssessmentStateError
        assessment = Assessment.objects.create(
            partner=partner,
            scope=text_of(Assessment, "scope", scope, required=True),
            assessed_by=actor,
            begun_at=clock().now(),
        )
        record(
            PartnerTag.ASSESSMENT_BEGUN,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"assessment": str(assessment.pk)},
        )
    return assessment


def assessment_answer(  # noqa: PLR0913 - the parts of an answer
    *,
    actor: User,
    assessment: Assessment,
    question: str,
    grade: str,
    note: str = "",
    proof: StoredFile | UploadedFile | None = None,
) -> AssessmentAnswer:
    """Answer one question, or answer it anew; whoever answers is from then on the assessor.

    Raises:
        NotPermittedError: the actor assesses nothing here.
        AssessmentStateError: it is submitted or decided already.
        AssessmentQuestionError: the pack asks no such question.
    """
    gate.require(actor, Action.PARTNER_ASSESS, partner_resource(assessment.partner))
    if question not in {item.id for item in pack_of(assessment.partner).assessment.questions}:
        raise AssessmentQuestionError(question=question)
    stored = files_adopt(actor=actor, chosen=[proof])[0] if proof else None
    with transaction.atomic():
        row = locked(Assessment, assessment.pk, None)
        if row.state != State.DRAFT:
            raise AssessmentStateError
        kept = row.answers.filter(question=question).first()
        answer, _made = AssessmentAnswer.objects.update_or_create(
            assessment=row,
            question=question,
            defaults={
                "grade": Grade(grade).value,
                "note": text_of(AssessmentAnswer, "note", note),
                "proof": stored or (kept.proof if kept else None),
            },
        )
        row.score, row.assessed_by = standing_of(row).score, actor
        row.version += 1
        row.save()
        record(
            PartnerTag.ASSESSMENT_ANSWERED,
            actor=actor,
            subject=row.partner.ledger_subject,
            detail={
                "assessment": str(row.pk),
                "question": question,
                "grade": answer.grade,
                "sha256": answer.proof.sha256 if answer.proof else "",
            },
        )
    return answer


def assessment_submit(*, actor: User, assessment: Assessment, expected_version: int) -> Assessment:
    """Put an assessment to the decision.

    Raises:
        NotPermittedError, RecordChangedError, AssessmentStateError: each as it says.
        AssessmentOpenError: answers or papers are missing.
    """
    gate.require(actor, Action.PARTNER_ASSESS, partner_resource(assessment.partner))
    with transaction.atomic():
        row = locked(Assessment, assessment.pk, expected_version)
        if row.state != State.DRAFT:
            raise AssessmentStateError
        found = standing_of(row)
        if not found.is_complete:
            raise AssessmentOpenError(questions=len(found.unanswered), papers=len(found.without_proof))
        row.state, row.score, row.assessed_by = State.SUBMITTED, found.score, actor
        row.version += 1
        row.save()
        record(
            PartnerTag.ASSESSMENT_SUBMITTED,
            actor=actor,
            subject=row.partner.ledger_subject,
            detail={"assessment": str(row.pk), "score": row.score},
        )
    return row


def assessment_decide(  # noqa: PLR0913 - the parts of a decision
    *,
    actor: User,
    assessment: Assessment,
    expected_version: int,
    is_agreed: bool,
    reason: str,
    valid_until: date | None = None,
) -> Assessment:
    """Decide on an assessment as a second person; a score below the pack's is agreed to with a reason only.

    Raises:
        NotPermittedError: the actor decides nothing here, or assessed it.
        RecordChangedError, AssessmentStateError: each as it says.
        FieldMissingError: a refusal or a low score without its reason.
    """
    assessor = str(assessment.assessed_by_id)
    gate.require(actor, Action.PARTNER_DECIDE, partner_resource(assessment.partner, assessors=(assessor,)))
    with transaction.atomic():
        row = locked(Assessment, assessment.pk, expected_version)
        if row.state != State.SUBMITTED or str(row.assessed_by_id) != assessor:
            raise AssessmentStateError
        needs_reason = not is_agreed or not standing_of(row).passes
        row.decision = text_of(Assessment, "decision", reason, required=needs_reason)
        row.state = State.AGREED if is_agreed else State.REFUSED
        row.decided_by, row.decided_at = actor, clock().now()
        row.valid_until = valid_until if is_agreed else None
        row.version += 1
        row.save()
        record(
            PartnerTag.ASSESSMENT_DECIDED,
            actor=actor,
            subject=row.partner.ledger_subject,
            detail={
                "assessment": str(row.pk),
                "state": row.state,
                "score": row.score,
                "valid_until": valid_until.isoformat() if row.valid_until and valid_until else "",
            },
        )
    return row


def self_check_record(
    *, actor: User, partner: Partner, answers: Mapping[str, str], note: str = ""
) -> SelfCheck:
    """Record a self-check on the line to dispatch; one item that does not hold crosses it.

    Raises:
        NotPermittedError: the actor assesses nothing here.
        UnknownItemError: an answer to no item of the list.
    """
    gate.require(actor, Action.PARTNER_ASSESS, partner_resource(partner))
    graded = {item: Grade(grade) for item, grade in answers.items()}
    crossed = list(failing(pack_of(partner).self_check, graded))
    with transaction.atomic():
        check = SelfCheck.objects.create(
            partner=partner,
            answers={item: grade.value for item, grade in graded.items()},
            failing=crossed,
            note=text_of(SelfCheck, "note", note),
            checked_by=actor,
            checked_at=clock().now(),
        )
        record(
            PartnerTag.SELF_CHECK_RECORDED,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"check": str(check.pk), "failing": [*crossed]},
        )
    return check


def outsourcing_record(*, actor: User, partner: Partner, wish: OutsourcingWish) -> Outsourcing:
    """Enter personal data that a partner will handle; only after the assessment was agreed to.

    Raises:
        NotPermittedError, FieldMissingError: each as it says.
        OutsourcingUnassessedError: no assessment is agreed to and valid on the first day.
    """
    department = partner.third_party.department
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
    if not assessed_until(partner, max(wish.starts_on, today_of(department.entity))):
        raise OutsourcingUnassessedError(partner=str(partner))
    texts = {name: text_of(Outsourcing, name, getattr(wish, name), required=True) for name in TEXTS}
    with transaction.atomic():
        row = Outsourcing.objects.create(
            partner=partner,
            number=Outsourcing.Number(wish.number),
            chain=text_of(Outsourcing, "chain", wish.chain),
            starts_on=wish.starts_on,
            recorded_by=actor,
            recorded_at=clock().now(),
            **texts,
        )
        record(
            PartnerTag.OUTSOURCING_RECORDED,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"outsourcing": str(row.pk), "number": row.number, "from": row.starts_on.isoformat()},
        )
    return row


def outsourcing_end(
    *, actor: User, outsourcing: Outsourcing, expected_version: int, day: date, returned: str
) -> Outsourcing:
    """End an outsourcing with the proof that the data came back or were deleted.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError: each as it says.
        OutsourcingOverError: it has ended already.
    """
    partner = outsourcing.partner
    gate.require(actor, Action.PARTNER_EDIT, department_resource(partner.third_party.department))
    with transaction.atomic():
        row = locked(Outsourcing, outsourcing.pk, expected_version)
        if row.ended_on is not None:
            raise OutsourcingOverError
        row.returned = text_of(Outsourcing, "returned", returned, required=True)
        row.ended_on = day
        row.version += 1
        row.save()
        record(
            PartnerTag.OUTSOURCING_ENDED,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"outsourcing": str(row.pk), "day": day.isoformat(), "returned": row.returned},
        )
    return row
