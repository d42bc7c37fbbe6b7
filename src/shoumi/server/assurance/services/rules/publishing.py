"""Makes an approved version binding: the procedure recorded step by step, then published to whom it binds.

Follows the procedure that the pack of the country names (`governance.yaml`).  Nothing is published before
every earlier step is recorded, and a step about the final words counts only for these very words.
"""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

from django.utils.translation import get_language

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.governance import ProcedureStep, load_governance
from shoumi.engine.policy import Action
from shoumi.engine.workflow import RULE_VERSION, advance
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import kept_whole
from shoumi.server.assurance.models import ProcedureRecord, RuleVersion
from shoumi.server.assurance.queries.rules import (
    IN_WORK,
    persons_bound,
    procedure_of,
    rule_resource,
    words_sha256,
)
from shoumi.server.assurance.services.notices import tell
from shoumi.server.assurance.services.rules.drafting import verify_state, version_found
from shoumi.server.assurance.services.rules.papers import DOCX, PDF, docx_of, pdf_of
from shoumi.server.assurance.services.writing import DaysReversedError, lines_of, verify_past
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing

State = RuleVersion.State


class UnknownStepError(InputError):
    """The procedure of this country has no such step, or it is not recorded in this way."""

    code = "assurance.unknown_step"
    message = "The procedure has no step {step} that can be recorded in this way."


class StepFileError(InputError):
    """A step of the procedure is proved by a file."""

    code = "assurance.step_file"
    message = "Attach the record of this step."


class ProcedureIncompleteError(ConflictError):
    """The rule cannot become binding: steps of the procedure are not recorded for these words."""

    code = "assurance.procedure_incomplete"
    message = "Before it can bind anybody, these steps have to be recorded for these words: {steps}"


def procedure_record(  # noqa: PLR0913 - the parts of a step, each named
    *,
    actor: User,
    version_id: UUID,
    step: str,
    day: date,
    participants: str,
    outcome: str = "",
    file: StoredFile | None = None,
    waived: bool = False,
) -> ProcedureRecord:
    """Record that a step before or after the publication was taken, by whom, with its file.

    `waived`: where the pack allows it, that the step is not required here; `outcome` then says why.

    Raises:
        NotPermittedError, RuleStateError, UnknownStepError, StepFileError, FutureDayError: each as it says.
    """
    found = version_found(version_id)
    entity = found.document.entity
    with writing(
        actor=actor,
        action=Action.RULE_PROCEDURE,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_PROCEDURE,
    ) as entry:
        version = locked(RuleVersion, version_id, None)
        known = _step(entity.pack, step)
        verify_state(version, (State.IN_FORCE,) if known.when == "after" else IN_WORK)
        if known.when == "publication" or (waived and not known.waivable):
            raise UnknownStepError(step=step)
        record = _recorded(
            version,
            actor,
            step=step,
            day=day,
            participants=participants,
            outcome=outcome,
            file=file,
            waived=waived,
        )
        entry.subject = version.ledger_subject
        entry.detail = _told(record)
    return record


def version_publish(  # noqa: PLR0913 - the parts of a publication, each named
    *,
    actor: User,
    version_id: UUID,
    expected_version: int,
    day: date,
    means: str,
    file: StoredFile,
    in_force_from: date,
) -> RuleVersion:
    """Publish an approved version to whom it binds, and end the one before it.

    Its docx and PDF are made and kept, everybody bound is told.

    Raises:
        NotPermittedError, RuleStateError, RecordChangedError, ProcedureIncompleteError, DaysReversedError:
        each as it says.
    """
    found = version_found(version_id)
    document = found.document
    with writing(
        actor=actor,
        action=Action.RULE_PUBLISH,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_PUBLISHED,
    ) as entry:
        version = locked(RuleVersion, version_id, expected_version)
        version.document = document
        verify_state(version, (State.APPROVED,))
        missing = procedure_of(version).missing_before
        if missing:
            language = get_language() or "en"
            raise ProcedureIncompleteError(
                steps=tuple(item.step.names.in_language(language) for item in missing)
            )
        if in_force_from < day or any(record.day > day for record in version.procedure.all()):
            raise DaysReversedError
        publication = next(
            step
            for step in load_governance(document.entity.pack).procedure.steps
            if step.when == "publication"
        )
        record = _recorded(
            version,
            actor,
            step=publication.id,
            day=day,
            participants=means,
            outcome="",
            file=file,
            waived=False,
        )
        version.state = advance(RULE_VERSION, version.state, "publish")
        version.published_on, version.in_force_from = day, in_force_from
        for former in document.versions.select_for_update(no_key=True).filter(state=State.IN_FORCE):
            former.state = advance(RULE_VERSION, former.state, "replace")
            former.in_force_until = max(in_force_from, former.in_force_from)
            counted(former)
        stem = f"{version.title} v{version.ordinal}"
        with kept_whole():
            version.docx = _kept(actor, f"{stem}.docx", docx_of(version), DOCX)
            version.pdf = _kept(actor, f"{stem}.pdf", pdf_of(version), PDF)
        counted(version)
        bound = [person.user for person in persons_bound(version).select_related("user") if person.user_id]
        tell(bound, "rule_published", {"rule": version.title, "day": in_force_from.isoformat()})
        entry.subject = version.ledger_subject
        entry.detail = {
            "sha256": version.sha256,
            "docx_sha256": version.docx.sha256,
            "pdf_sha256": version.pdf.sha256,
            "in_force_from": in_force_from.isoformat(),
            "bound": len(bound),
            **_told(record),
        }
    return version


def version_retire(
    *, actor: User, version_id: UUID, expected_version: int, until: date, reason: str
) -> RuleVersion:
    """Retire a published version without another; `until` is the first day it no longer holds."""
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.RULE_PUBLISH,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_RETIRED,
    ) as entry:
        version = locked(RuleVersion, version_id, expected_version)
        verify_state(version, (State.IN_FORCE,))
        if until < version.in_force_from:
            raise DaysReversedError
        version.state = advance(RULE_VERSION, version.state, "retire")
        version.in_force_until = until
        version.outcome_reason = lines_of(RuleVersion, "outcome_reason", reason)
        counted(version)
        entry.subject = version.ledger_subject
        entry.detail = {"until": until.isoformat(), "reason": version.outcome_reason}
    return version


def _step(pack: str, step_id: str) -> ProcedureStep:
    for step in load_governance(pack).procedure.steps:
        if step.id == step_id:
            return step
    raise UnknownStepError(step=step_id)


def _recorded(  # noqa: PLR0913 - the parts of a step, each named
    version: RuleVersion,
    actor: User,
    *,
    step: str,
    day: date,
    participants: str,
    outcome: str,
    file: StoredFile | None,
    waived: bool,
) -> ProcedureRecord:
    verify_past(day, today_of(version.document.entity))
    if file is None and not waived:
        raise StepFileError
    return ProcedureRecord.objects.create(
        version=version,
        step=step,
        day=day,
        participants=text_of(ProcedureRecord, "participants", participants, required=True),
        outcome=lines_of(ProcedureRecord, "outcome", outcome, required=waived),
        file=file,
        text_sha256=version.sha256 or words_sha256(version),
        waived=waived,
        recorded_by=actor,
        recorded_at=clock().now(),
    )


def _told(record: ProcedureRecord) -> dict[str, str | bool | None]:
    return {
        "step": record.step,
        "day": record.day.isoformat(),
        "text_sha256": record.text_sha256,
        "file_sha256": record.file.sha256 if record.file else None,
        "waived": record.waived,
    }


def _kept(actor: User, name: str, content: bytes, media_type: str) -> StoredFile:
    return file_store(
        actor=actor, name=name.replace("/", "-"), chunks=io.BytesIO(content), media_type=media_type
    )
