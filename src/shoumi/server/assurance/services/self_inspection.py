"""Runs the self-inspection: opened and filled from the records, judged by an inspector, frozen with its hash.

A frozen run is never changed.  One run of a legal entity is open at a time; filling it anew keeps what the
inspector has judged.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import EnterpriseProfile, SelfInspection, SelfInspectionRow
from shoumi.server.assurance.queries.answers import Question, answer_of
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.queries.days import beginning_of

State = SelfInspection.State


class RunUnknownError(InputError):
    """There is no such run or row."""

    code = "assurance.run_unknown"
    message = "There is no such self-inspection, or no such row in it."


class RunFrozenError(ConflictError):
    """It is frozen or was changed meanwhile."""

    code = "assurance.run_frozen"
    message = "This self-inspection is frozen, or somebody changed it in the meantime."


class RunOpenError(ConflictError):
    """Another run is still open."""

    code = "assurance.run_open"
    message = "A self-inspection is still open; freeze it before the next one begins."


class JudgementError(InputError):
    """A judgement needs a known result and its reason."""

    code = "assurance.judgement"
    message = "Choose a result and say why; where something is said to be shown, add the proof."


def self_inspection_open(*, actor: User, entity: LegalEntity) -> SelfInspection:
    """Begin a run and fill every row from the records.

    Raises:
        NotPermittedError, RunOpenError
    """
    gate.require(actor, Action.SELF_INSPECTION_RUN, entity_resource(entity))
    profile = EnterpriseProfile.objects.filter(entity=entity).first()
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
        if SelfInspection.objects.filter(entity=entity, state=State.OPEN).exists():
            raise RunOpenError
        run = SelfInspection.objects.create(
            entity=entity,
            pack=entity.pack,
            day=today_of(entity),
            demonstration=bool(profile and profile.demonstration),
            opened_by=actor,
            opened_at=clock().now(),
        )
        _fill(run)
        append(
            LedgerTag.ASSURANCE_SELF_INSPECTION_OPENED,
            actor=actor.ledger_actor,
            subject=run.ledger_subject,
            detail={"day": run.day.isoformat(), "pack": run.pack},
        )
    return run


def self_inspection_refill(*, actor: User, run_id: UUID, expected_version: int) -> SelfInspection:
    """Read the records anew for an open run; the day becomes today.

    Raises:
        RunUnknownError, NotPermittedError, RunFrozenError
    """
    found = _found(run_id)
    gate.require(actor, Action.SELF_INSPECTION_RUN, entity_resource(found.entity))
    with transaction.atomic():
        run = _locked(run_id, expected_version)
        run.day = today_of(run.entity)
        run.version += 1
        run.save(update_fields=["day", "version"])
        _fill(run)
        append(
            LedgerTag.ASSURANCE_SELF_INSPECTION_OPENED,
            actor=actor.ledger_actor,
            subject=run.ledger_subject,
            detail={"day": run.day.isoformat(), "pack": run.pack, "version": str(run.version)},
        )
    return run


def row_judge(  # noqa: PLR0913 - the parts of a judgement, each named
    *,
    actor: User,
    run_id: UUID,
    row: str,
    result: str,
    reason: str,
    file: StoredFile | None = None,
) -> SelfInspectionRow:
    """Let an inspector say what a row shows, with the reason and, where it is shown, the proof.

    Raises:
        RunUnknownError, NotPermittedError, RunFrozenError, JudgementError
    """
    found = _found(run_id)
    gate.require(actor, Action.SELF_INSPECTION_RUN, entity_resource(found.entity))
    known = SelfInspectionRow.Result
    if result not in known.values or result == known.ASK or not reason.strip():
        raise JudgementError
    with transaction.atomic():
        run = _locked(run_id, None)
        item = SelfInspectionRow.objects.select_for_update(no_key=True).filter(run=run, row=row).first()
        if item is None:
            raise RunUnknownError
        file = file or item.override_file
        if result in {known.SHOWN, known.PARTLY} and file is None:
            raise JudgementError
        item.override, item.override_reason, item.override_file = result, reason.strip(), file
        item.override_by, item.override_at = actor, clock().now()
        item.save()
        append(
            LedgerTag.ASSURANCE_SELF_INSPECTION_JUDGED,
            actor=actor.ledger_actor,
            subject=run.ledger_subject,
            detail={
                "row": row,
                "result": result,
                "reason": item.override_reason,
                "file": file.sha256 if file else "",
            },
        )
    return item


def self_inspection_freeze(*, actor: User, run_id: UUID, expected_version: int) -> SelfInspection:
    """Freeze a run as it stands; its hash goes into the ledger.

    Raises:
        RunUnknownError, NotPermittedError, RunFrozenError
    """
    found = _found(run_id)
    gate.require(actor, Action.SELF_INSPECTION_RUN, entity_resource(found.entity))
    with transaction.atomic():
        run = _locked(run_id, expected_version)
        run.state, run.frozen_by, run.frozen_at = State.FROZEN, actor, clock().now()
        run.sha256 = hashlib.sha256(canonical_bytes(run_record(run))).hexdigest()
        run.version += 1
        run.save()
        append(
            LedgerTag.ASSURANCE_SELF_INSPECTION_FROZEN,
            actor=actor.ledger_actor,
            subject=run.ledger_subject,
            detail={"day": run.day.isoformat(), "sha256": run.sha256},
        )
    return run


def profile_set(
    *, actor: User, entity: LegalEntity, demonstration: bool, since: date | None, authority: str
) -> EnterpriseProfile:
    """Say whether the entity takes part as a demonstration enterprise (trial).

    Raises:
        NotPermittedError
    """
    gate.require(actor, Action.SELF_INSPECTION_RUN, entity_resource(entity))
    with transaction.atomic():
        profile, _made = EnterpriseProfile.objects.select_for_update(no_key=True).get_or_create(entity=entity)
        profile.demonstration = demonstration
        profile.since = since if demonstration else None
        profile.authority = authority.strip() if demonstration else ""
        profile.version += 1
        profile.save()
        append(
            LedgerTag.ASSURANCE_PROFILE_CHANGED,
            actor=actor.ledger_actor,
            subject=entity.ledger_subject,
            detail={"demonstration": demonstration, "authority": profile.authority},
        )
    return profile


def run_record(run: SelfInspection) -> dict[str, object]:
    """Return the run as the JSON value that is hashed when it is frozen."""
    rows = run.rows.select_related("override_file").order_by("place")
    return {
        "form": "shoumi.assurance.self_inspection.v1",
        "id": str(run.pk),
        "entity": str(run.entity_id),
        "pack": run.pack,
        "day": run.day.isoformat(),
        "demonstration": run.demonstration,
        "rows": [
            {
                "row": item.row,
                "result": item.result,
                "have": item.have,
                "need": item.need,
                "override": item.override,
                "override_reason": item.override_reason,
                "override_file": item.override_file.sha256 if item.override_file else "",
            }
            for item in rows
        ],
    }


def _fill(run: SelfInspection) -> None:
    """Write each row's answer; what an inspector judged before stays."""
    moment = beginning_of(run.day + timedelta(days=1), run.entity.country)
    question = Question(run.entity, run.day, moment)
    judged = {item.row: item for item in run.rows.exclude(override="")}
    assigned = dict(run.rows.exclude(finding=None).values_list("row", "finding"))
    rows = []
    for place, row in enumerate(load_assurance(run.pack).inspection.rows):
        result, answer = answer_of(row, question)
        before = judged.get(row.id, SelfInspectionRow())
        rows.append(
            SelfInspectionRow(
                run=run,
                place=place,
                row=row.id,
                group=row.group,
                field=row.field,
                result=result,
                have=answer.have,
                need=answer.need,
                link=answer.link,
                override=before.override,
                override_reason=before.override_reason,
                override_file=before.override_file,
                override_by=before.override_by,
                override_at=before.override_at,
                finding_id=assigned.get(row.id),
            )
        )
    run.rows.all().delete()
    SelfInspectionRow.objects.bulk_create(rows)


def _found(run_id: UUID) -> SelfInspection:
    run = SelfInspection.objects.select_related("entity").filter(pk=run_id).first()
    if run is None:
        raise RunUnknownError
    return run


def _locked(run_id: UUID, expected_version: int | None) -> SelfInspection:
    run = (
        SelfInspection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entity")
        .get(pk=run_id)
    )
    changed = expected_version is not None and run.version != expected_version
    if changed or run.state != State.OPEN:
        raise RunFrozenError
    return run
