"""Keeps the register of processings: recorded, assessed, ended.

Whose rule: the pack's words; kinds, purpose and basis never change afterwards.  Two persons answer for each,
one for the law and one for security: a processing and an assessment count once both have agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.clocks import due, load_clocks
from shoumi.engine.jurisdiction.personal_data import assessment_triggers
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import Assessment, Processing
from shoumi.server.privacy.queries.visible import processing_resource
from shoumi.server.privacy.queries.words import named, said, table_of
from shoumi.server.privacy.services.agreeing import owner_agrees, owners_verify
from shoumi.server.privacy.services.errors import (
    EndedError,
    EverybodyError,
    NeverCollectedError,
    OtherEntityError,
    WordUnknownError,
)

KEEP = "impact-assessment-keep"  # the pack's clock


@dataclass(frozen=True, slots=True)
class ProcessingWish:
    """What shall stand in the register."""

    name: str
    purpose: str
    kinds: Sequence[str]
    basis: str
    basis_note: str
    recipients: str
    storage: str
    keep_months: int
    legal_owner: Person
    security_owner: Person
    traits: Sequence[str] = ()
    departments: Sequence[Department] = ()
    persons: Sequence[Person] = ()


@dataclass(frozen=True, slots=True)
class AssessmentWish:
    """What an assessment says."""

    necessity: str
    risks: str
    measures: str
    outcome: str
    adviser: str = ""
    advice: str = ""


def processing_record(*, actor: User, entity: LegalEntity, wish: ProcessingWish) -> Processing:
    """Write a processing into the register, from now on.

    Raises:
        NotPermittedError: the actor does not keep this register.
        WordUnknownError, NeverCollectedError, EverybodyError, OtherEntityError: each as it says.
        OneOwnerError: one person would answer for both.
        FieldMissingError, FieldTooLongError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(entity))
    _verify_words(entity, wish)
    for each in (*wish.departments, *wish.persons, wish.legal_owner, wish.security_owner):
        if each.entity_id != entity.pk:
            raise OtherEntityError(name=str(each))
    texts = {
        field: text_of(Processing, field, getattr(wish, field), required=True)
        for field in ("name", "basis_note", "recipients", "storage")
    }
    row = Processing(
        entity=entity,
        purpose=wish.purpose,
        kinds=sorted(set(wish.kinds)),
        basis=wish.basis,
        traits=sorted(set(wish.traits)),
        keep_months=wish.keep_months,
        legal_owner=wish.legal_owner,
        security_owner=wish.security_owner,
        starts_at=clock().now(),
        recorded_by=actor,
        **texts,
    )
    owners_verify(wish.legal_owner, wish.security_owner)
    with transaction.atomic():
        _begin(row, row, actor)
        row.departments.set(wish.departments)
        row.persons.set(wish.persons)
        record(
            LedgerTag.PRIVACY_PROCESSING_RECORDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "purpose": row.purpose,
                "kinds": row.kinds,
                "basis": row.basis,
                "traits": row.traits,
                "recipients": row.recipients,
                "storage": row.storage,
                "keep_months": row.keep_months,
                "legal_owner": wish.legal_owner.ledger_subject,
                "security_owner": wish.security_owner.ledger_subject,
            },
        )
    return row


def processing_end(*, actor: User, processing: Processing, reason: str, expected_version: int) -> Processing:
    """End a processing: from now on nothing is collected by it.

    Raises:
        NotPermittedError, RecordChangedError, EndedError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(processing.entity))
    with transaction.atomic():
        row = locked(Processing, processing.pk, expected_version)
        if row.ends_at is not None:
            raise EndedError(name=row.name)
        row.ends_at, row.end_reason = (
            clock().now(),
            text_of(Processing, "end_reason", reason, required=True),
        )
        row.version += 1
        row.save()
        record(
            LedgerTag.PRIVACY_PROCESSING_ENDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": row.end_reason},
        )
    return row


def assessment_make(*, actor: User, processing: Processing, wish: AssessmentWish) -> Assessment:
    """File an impact assessment; the pack says until when it is kept.

    Raises:
        NotPermittedError, EndedError, FieldMissingError, FieldTooLongError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(processing.entity))
    if wish.outcome not in Assessment.Outcome.values:
        raise WordUnknownError(word=wish.outcome)
    now = clock().now()
    texts = {
        field: text_of(Assessment, field, getattr(wish, field), required=field not in {"adviser", "advice"})
        for field in ("necessity", "risks", "measures", "adviser", "advice")
    }
    row = Assessment(outcome=wish.outcome, made_at=now, made_by=actor, **texts)
    pack = processing.entity.pack
    if any(each.id == KEEP for each in load_clocks(pack).clocks):
        kept = due(load_pack(pack), KEEP, now, zone=ZoneInfo(processing.entity.time_zone))
        row.keep_until = kept.last_day
    with transaction.atomic():
        row.processing = locked(Processing, processing.pk, None)
        if row.processing.ends_at is not None:
            raise EndedError(name=row.processing.name)
        row.triggers = list(
            assessment_triggers(table_of(processing.entity), kinds=processing.kinds, traits=processing.traits)
        )
        _begin(row, row.processing, actor)
        record(
            LedgerTag.PRIVACY_ASSESSMENT_MADE,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "processing": processing.ledger_subject,
                "outcome": row.outcome,
                "triggers": row.triggers,
                "keep_until": row.keep_until.isoformat() if row.keep_until else "",
                "adviser_asked": bool(row.adviser),
            },
        )
    return row


def processing_agree(*, actor: User, processing: Processing) -> Processing:
    """Agree to a processing as one of its two owners.

    Raises:
        NotPermittedError, EndedError, AgreedAlreadyError: each as it says.
    """
    tag = LedgerTag.PRIVACY_PROCESSING_AGREED
    where = processing_resource(processing)
    with writing(actor=actor, action=Action.PRIVACY_MATTER_AGREE, resource=where, tag=tag) as entry:
        row = locked(Processing, processing.pk, None)
        if row.ends_at is not None:
            raise EndedError(name=row.name)
        half = owner_agrees(row, actor=actor, legal=row.legal_owner, security=row.security_owner)
        entry.subject, entry.detail = row.ledger_subject, {"half": half}
    return row


def assessment_agree(*, actor: User, assessment: Assessment) -> Assessment:
    """Agree to an impact assessment as one of the two owners of its processing.

    Raises:
        NotPermittedError, AgreedAlreadyError: each as it says.
    """
    tag, owned = LedgerTag.PRIVACY_ASSESSMENT_AGREED, assessment.processing
    where = processing_resource(owned)
    with writing(actor=actor, action=Action.PRIVACY_MATTER_AGREE, resource=where, tag=tag) as entry:
        row = locked(Assessment, assessment.pk, None)
        half = owner_agrees(row, actor=actor, legal=owned.legal_owner, security=owned.security_owner)
        entry.subject, entry.detail = row.ledger_subject, {"half": half}
    return row


def _begin(row: Processing | Assessment, owned: Processing, actor: User) -> None:
    """Save a new row; an owner who writes it has agreed by that."""
    if actor.pk in {owned.legal_owner.user_id, owned.security_owner.user_id}:
        owner_agrees(row, actor=actor, legal=owned.legal_owner, security=owned.security_owner)
    else:
        row.save(force_insert=True)


def _verify_words(entity: LegalEntity, wish: ProcessingWish) -> None:
    table = table_of(entity)
    for known, words in (
        (table.kinds, wish.kinds),
        (table.purposes, (wish.purpose,)),
        (table.bases, (wish.basis,)),
        (table.traits, wish.traits),
    ):
        for word in words:
            if word not in known:
                raise WordUnknownError(word=word)
    if not wish.kinds:
        raise WordUnknownError(word="")
    for never in table.never:
        if never.kind in wish.kinds and never.purpose == wish.purpose:
            raise NeverCollectedError(because=said(never.because))
    content = [kind for kind in wish.kinds if table.kinds[kind].content]
    if content and not wish.departments and not wish.persons:
        raise EverybodyError(kinds=" · ".join(named(table.kinds, kind) for kind in content))
