"""Work on a draft, step by step: what it is, what bears it, why it is secret, how secret, until when, who.

Follows the seed guide 四: the owner department proposes.  A draft may be incomplete at any time;
`queries.checks` tells what is missing, `services.proposals` submits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from shoumi.engine.jurisdiction import parse_period, period_end, suggest_level
from shoumi.engine.policy import Action
from shoumi.engine.workflow import SECRET, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.queries import file_is_referenced
from shoumi.server.files.services import file_shred
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource
from shoumi.server.register.models import (
    Carrier,
    CustomerInformation,
    ElementEvidence,
    ElementJudgement,
    ExclusionAnswer,
    FactorScore,
    ScopeEntry,
    SecretFile,
    TradeSecret,
)
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.checks import suggestion_for
from shoumi.server.register.queries.holdings import stored_files_of
from shoumi.server.register.services.editing import Edit, editing
from shoumi.server.register.services.verifying import (
    verify_carrier,
    verify_element,
    verify_exclusions,
    verify_files,
    verify_identity,
    verify_level,
    verify_limits,
)
from shoumi.server.register.values import (
    CarrierValue,
    ElementValue,
    ExclusionValue,
    FactorValue,
    Grading,
    Identity,
    Limits,
    ScopeValue,
)


def secret_draft(*, actor: User, department: Department, identity: Identity | None = None) -> TradeSecret:
    """Begin a proposal for `department`, after the national-security question was answered with no.

    Raises:
        NotPermittedError: the actor may not propose for this department.
    """
    gate.require(actor, Action.SECRET_PROPOSE, department_resource(department))
    now = clock().now()
    with transaction.atomic():
        secret = TradeSecret(
            entity=department.entity,
            owner_department=department,
            proposer=actor,
            pack=department.entity.pack,
            national_security="no",
            created_at=now,
            updated_at=now,
        )
        if identity:
            verify_identity(secret, identity)
            _describe(secret, identity)
        secret.save()
        ElementJudgement.objects.bulk_create(
            ElementJudgement(secret=secret, element=element.value) for element in ElementJudgement.Element
        )
        append(RegisterTag.SECRET_DRAFTED, actor=actor.ledger_actor, subject=secret.ledger_subject)
    return secret


def secret_describe(
    *, actor: User, secret_id: UUID, expected_version: int, identity: Identity
) -> TradeSecret:
    """Save step 1 of a draft."""
    with _step(actor, secret_id, expected_version, 1) as edit:
        verify_identity(edit.secret, identity)
        _describe(edit.secret, identity)
    return edit.secret


def secret_carry(
    *, actor: User, secret_id: UUID, expected_version: int, carriers: Iterable[CarrierValue]
) -> TradeSecret:
    """Save the carriers of a draft; files are attached by `secret_file_attach`."""
    with _step(actor, secret_id, expected_version, 2) as edit:
        edit.secret.carriers.all().delete()
        for value in carriers:
            verify_carrier(value.kind, value.keeper)
            Carrier.objects.create(
                secret=edit.secret,
                kind=value.kind,
                description=value.description,
                place=value.place,
                keeper_id=value.keeper,
            )
    return edit.secret


def secret_file_attach(
    *, actor: User, secret_id: UUID, expected_version: int | None, files: Iterable[StoredFile], note: str = ""
) -> TradeSecret:
    """Attach stored files that hold the secret's content."""
    now = clock().now()
    with _step(actor, secret_id, expected_version, 2) as edit:
        chosen = list(files)
        verify_files(actor, [stored.pk for stored in chosen])
        for stored in chosen:
            SecretFile.objects.get_or_create(
                secret=edit.secret, file=stored, defaults={"note": note, "added_by": actor, "added_at": now}
            )
        edit.tag = RegisterTag.FILE_ATTACHED
        edit.detail["files"] = [str(row.file.sha256) for row in edit.secret.files.select_related("file")]
    return edit.secret


def secret_file_detach(
    *, actor: User, secret_id: UUID, expected_version: int | None, file_id: UUID
) -> TradeSecret:
    """Take a file off a draft; its content is destroyed if nothing else refers to it."""
    with _step(actor, secret_id, expected_version, 2) as edit:
        row = edit.secret.files.filter(pk=file_id).select_related("file").first()
        edit.tag = RegisterTag.FILE_DETACHED
        edit.detail["sha256"] = row.file.sha256 if row else ""
        if row:
            row.delete()
            files_drop(actor, [row.file])
    return edit.secret


def secret_assess(
    *,
    actor: User,
    secret_id: UUID,
    expected_version: int,
    elements: Iterable[ElementValue],
    exclusions: Iterable[ExclusionValue],
) -> TradeSecret:
    """Save the three elements with their evidence, and the answers to the exclusions."""
    now = clock().now()
    answers = list(exclusions)
    with _step(actor, secret_id, expected_version, 3) as edit:
        before = stored_files_of(edit.secret)
        kept = [stored.pk for stored in before]
        verify_exclusions(edit.secret, answers)
        for value in elements:
            verify_element(value)
            verify_files(actor, [piece.file for piece in value.evidence if piece.file], kept)
            row, _ = ElementJudgement.objects.update_or_create(
                secret=edit.secret,
                element=value.element,
                defaults={"verdict": value.verdict, "reason": value.reason},
            )
            row.evidence.all().delete()
            for piece in value.evidence:
                if piece.text.strip() or piece.file:
                    ElementEvidence.objects.create(
                        judgement=row, text=piece.text, file_id=piece.file, added_by=actor, added_at=now
                    )
        for answer in answers:
            ExclusionAnswer.objects.update_or_create(
                secret=edit.secret,
                exclusion=answer.exclusion,
                defaults={"answer": answer.answer, "fields": dict(answer.fields)},
            )
        files_drop(actor, before)
    return edit.secret


def secret_grade(*, actor: User, secret_id: UUID, expected_version: int, grading: Grading) -> TradeSecret:
    """Save the factors and the level a person chose; the suggestion is computed here and kept beside it."""
    with _step(actor, secret_id, expected_version, 4) as edit:
        write_grading(edit.secret, grading)
        edit.detail["level"] = edit.secret.level
        edit.detail["suggested"] = edit.secret.suggested_level
    return edit.secret


def secret_limit(*, actor: User, secret_id: UUID, expected_version: int, limits: Limits) -> TradeSecret:
    """Save period and knowledge scope."""
    with _step(actor, secret_id, expected_version, 5) as edit:
        write_limits(edit.secret, limits)
    return edit.secret


def secret_discard(*, actor: User, secret_id: UUID, expected_version: int | None = None) -> None:
    """Delete a draft that was never submitted, with everything typed; the ledger keeps that there was one."""
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_EDIT,
        tag=RegisterTag.SECRET_DISCARDED,
        expected_version=expected_version,
        states=(TradeSecret.State.DRAFT,),
    ) as edit:
        stored = stored_files_of(edit.secret)
        wipe(edit.secret)
        files_drop(actor, stored)
        edit.secret.state = advance(SECRET, edit.secret.state, "withdraw")


def write_grading(secret: TradeSecret, grading: Grading) -> None:
    """Replace the factors and the level of a locked secret; the caller saves the row."""
    verify_level(pack_of(secret), grading.level)
    suggest_level(pack_of(secret), {value.factor: value.grade for value in grading.factors})
    secret.factors.all().delete()
    FactorScore.objects.bulk_create(
        _factor(secret, value) for value in grading.factors if value.grade is not None or value.reason
    )
    suggested = suggestion_for(secret).level
    secret.suggested_level = suggested.id if suggested else ""
    secret.level, secret.level_reason = grading.level, grading.level_reason


def write_limits(secret: TradeSecret, limits: Limits) -> None:
    """Replace period and scope of a locked secret; the caller saves the row."""
    verify_limits(secret, limits)
    secret.period, secret.period_reason = limits.period, limits.period_reason
    secret.publication_event = limits.publication_event
    secret.scope_reason = limits.scope_reason
    if secret.period and secret.period_starts_on:
        secret.period_ends_on = period_end(secret.period_starts_on, parse_period(secret.period))
    secret.scope.all().delete()
    for value in dict.fromkeys(limits.scope):
        ScopeEntry.objects.create(secret=secret, **_target(value))


def wipe(secret: TradeSecret) -> None:
    """Remove everything that was typed or uploaded; the caller saves the emptied row."""
    for rows in (
        secret.files,
        secret.carriers,
        secret.scope,
        secret.elements,
        secret.exclusions,
        secret.factors,
    ):
        rows.all().delete()
    secret.deviations.all().delete()
    CustomerInformation.objects.filter(secret=secret).delete()
    for name in (
        "name",
        "description",
        "category",
        "necessity",
        "level",
        "suggested_level",
        "level_reason",
        "period",
        "publication_event",
        "period_reason",
        "scope_reason",
    ):
        setattr(secret, name, "")


def files_drop(actor: User, stored: Iterable[StoredFile]) -> None:
    """Destroy the contents that no record refers to any more, in the caller's transaction."""
    for row in stored:
        if row.state == FileState.READY and not file_is_referenced(row):
            file_shred(actor=actor, stored=row, reason="taken off a draft")


@contextmanager
def _step(actor: User, secret_id: UUID, expected_version: int | None, step: int) -> Iterator[Edit]:
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_EDIT,
        tag=RegisterTag.SECRET_SAVED,
        expected_version=expected_version,
        detail={"step": str(step)},
    ) as edit:
        yield edit
        edit.secret.step = max(edit.secret.step, step)


def _describe(secret: TradeSecret, identity: Identity) -> None:
    secret.name, secret.description = identity.name.strip(), identity.description.strip()
    secret.category, secret.necessity = identity.category, identity.necessity.strip()
    secret.custodian_id = identity.custodian


def _factor(secret: TradeSecret, value: FactorValue) -> FactorScore:
    return FactorScore(
        secret=secret, factor=value.factor, score=value.grade, reason=value.reason, title=value.title
    )


def _target(value: ScopeValue) -> dict[str, object]:
    column = {"departments": "department_id", "posts": "post_id", "persons": "person_id"}.get(value.kind)
    return {"kind": value.kind, **({column: value.target} if column else {})}
