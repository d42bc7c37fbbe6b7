"""Judges whether authority and persons must be told of a breach, with both owners agreeing.

Until both have agreed, what follows from the facts by the pack counts; an assessment made on other facts than
those recorded now does not count either.
"""

from __future__ import annotations

from dataclasses import dataclass

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import Breach, BreachAssessment
from shoumi.server.privacy.models.breaches import LONGEST
from shoumi.server.privacy.queries.breaches import answers_of, breach_facts, breach_resource
from shoumi.server.privacy.services.agreeing import lines_of, owner_agrees
from shoumi.server.privacy.services.breaches.reporting import open_breach
from shoumi.server.privacy.services.errors import WordUnknownError


@dataclass(frozen=True, slots=True)
class BreachAssessmentWish:
    """What an assessment says; `rests_on` names the record that shows it."""

    country: str
    addressee: str
    must_tell: bool
    reason: str
    rests_on: str
    adviser: str = ""
    advice: str = ""


def breach_assess(*, actor: User, breach: Breach, wish: BreachAssessmentWish) -> BreachAssessment:
    """File an assessment; an owner who makes it has agreed by that.

    Raises:
        NotPermittedError, BreachStateError, WordUnknownError: each as it says.
        TextEmptyError, FieldMissingError, FieldTooLongError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_ASSESSED,
    ) as entry:
        found = open_breach(breach)
        if wish.country not in found.countries:
            raise WordUnknownError(word=wish.country)
        if wish.addressee not in BreachAssessment.Addressee.values:
            raise WordUnknownError(word=wish.addressee)
        row = BreachAssessment(
            breach=found,
            country=wish.country,
            addressee=wish.addressee,
            must_tell=wish.must_tell,
            reason=lines_of(_label("reason"), wish.reason, limit=LONGEST, required=True),
            rests_on=text_of(BreachAssessment, "rests_on", wish.rests_on, required=True),
            snapshot=_snapshot(found, wish),
            adviser=text_of(BreachAssessment, "adviser", wish.adviser),
            advice=lines_of(_label("advice"), wish.advice, limit=LONGEST),
            made_by=actor,
            made_at=clock().now(),
        )
        if actor.pk in {found.legal_owner.user_id, found.security_owner.user_id}:
            owner_agrees(row, actor=actor, legal=found.legal_owner, security=found.security_owner)
        else:
            row.save(force_insert=True)
        entry.subject = found.ledger_subject
        entry.detail = {
            "assessment": str(row.pk),
            "country": row.country,
            "addressee": row.addressee,
            "must_tell": row.must_tell,
            "facts": row.snapshot["facts"],
            "adviser_asked": bool(row.adviser),
            "agreed": [half for half in ("legal", "security") if getattr(row, f"{half}_agreed_at")],
        }
    return row


def breach_assessment_agree(*, actor: User, assessment: BreachAssessment) -> BreachAssessment:
    """Agree to an assessment as one of the two who answer for the breach.

    Raises:
        NotPermittedError, BreachStateError, AgreedAlreadyError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_AGREE,
        resource=breach_resource(assessment.breach),
        tag=LedgerTag.PRIVACY_BREACH_AGREED,
    ) as entry:
        found = open_breach(assessment.breach)
        row = locked(BreachAssessment, assessment.pk, None)
        half = owner_agrees(row, actor=actor, legal=found.legal_owner, security=found.security_owner)
        entry.subject = found.ledger_subject
        entry.detail = {"assessment": str(row.pk), "half": half}
    return row


def _snapshot(breach: Breach, wish: BreachAssessmentWish) -> dict[str, object]:
    """Return the facts, and what followed from them by which rule and how sure that rule is."""
    rules = [
        {
            "duty": answer.duty.id,
            "applies": answer.applies,
            "rule": answer.duty.rule,
            "cite": answer.basis.cite if answer.basis else "",
            "status": answer.basis.status.value if answer.basis else "",
        }
        for country, answer in answers_of(breach)
        if country == wish.country and answer.duty.to.value == wish.addressee
    ]
    return {"facts": sorted(breach_facts(breach, wish.country)), "rules": rules}


def _label(name: str) -> object:
    return BreachAssessment._meta.get_field(name).verbose_name  # noqa: SLF001 - Django's documented way
