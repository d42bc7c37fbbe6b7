"""What is asked before an outsourcing, how an assessment stands, and which one holds today.  Reads only."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from shoumi.engine.errors import ConflictError
from shoumi.engine.jurisdiction.outsiders import (
    Answered,
    Assessed,
    Grade,
    OutsiderPack,
    assess,
    load_outsiders,
)
from shoumi.server.accounts.models import User
from shoumi.server.partners.models import Assessment, Outsourcing, Partner
from shoumi.server.partners.queries.partners import partners_visible_to

State = Assessment.State


class AssessmentMissingError(ConflictError):
    """No assessment of the outsourcing was agreed to, or it has run out."""

    code = "partners.assessment_missing"
    message = "No risk assessment of the outsourcing to “{partner}” is agreed to and still valid."


def pack_of(partner: Partner) -> OutsiderPack:
    """Return what the pack of the partner's legal entity says about outsiders."""
    return load_outsiders(partner.third_party.department.entity.pack)


def standing_of(assessment: Assessment) -> Assessed:
    """Return the score of the answers so far, what is unanswered, and which papers are missing."""
    answers = {
        row.question: Answered(Grade(row.grade), has_proof=row.proof_id is not None)
        for row in assessment.answers.all()
    }
    asked = pack_of(assessment.partner).assessment
    known = {question.id for question in asked.questions}
    return assess(asked, {key: value for key, value in answers.items() if key in known})


def needs_assessment(partner: Partner) -> bool:
    """Tell whether something is outsourced to this partner: workers are sent, or personal data handled."""
    return partner.sends_workers or partner.outsourcings.exists()


def assessed_until(partner: Partner, day: date) -> bool:
    """Tell whether an assessment was agreed to that is valid until `day`."""
    agreed = partner.assessments.filter(state=State.AGREED)
    return agreed.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day)).exists()


def outsourcings_visible_to(user: User) -> QuerySet[Outsourcing]:
    """Return the lines of the register under the partners that `user` may see."""
    seen = partners_visible_to(user).order_by().values("pk")
    rows = Outsourcing.objects.select_related("partner__third_party__department__entity", "recorded_by")
    return rows.filter(partner__in=seen)
