"""Brings in a company's older register: one file, one batch, one approval; secrets only after that.

Follows the seed guide 四: a batch passes the same review and approval as a proposal, by the steps of its
highest level.  The three elements and the exclusions are answered once for the whole batch, with the older
register itself as evidence, so that no secret stands in the register without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import ExclusionAnswer as EngineAnswer
from shoumi.engine.jurisdiction import check_exclusions
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_withdraw
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.files.tables import read_table
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.register.legacy import read_legacy
from shoumi.server.register.models import (
    ElementJudgement,
    LegacyBatch,
    LegacyRow,
)
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.legacy import Resolved, resolve
from shoumi.server.register.services.deciding import request_for_batch
from shoumi.server.register.services.rows import rows_insert

BatchState = LegacyBatch.State
OPEN_BATCHES = (BatchState.UNDER_REVIEW, BatchState.AWAITING_APPROVAL)
PARTS = ("reason", "evidence")


class LegacyFaultyError(InputError):
    """The file has faults, and they were not to be left out."""

    code = "register.legacy_faulty"
    message = "The file has {count} faults; mend them, or leave the faulty rows out."


class LegacyEmptyError(InputError):
    """There is nothing to take over."""

    code = "register.legacy_empty"
    message = "No row of the file can be taken over."


class LegacyAnswersError(InputError):
    """The elements, the exclusions or the necessity are not answered for the batch."""

    code = "register.legacy_answers"
    message = (
        "Answer the three elements with reason and evidence, every exclusion, and why they must be secret."
    )


def legacy_read(*, actor: User, stored: StoredFile, entity: LegalEntity) -> Resolved:
    """Return what a stored older register holds, with names resolved and every fault; nothing is written.

    Raises:
        NotPermittedError: the actor may not import for one of the departments named.
        InputError: (a leaf of it) the file is no table.
    """
    pack = company_pack(entity.pk, entity.pack)
    with file_open(stored) as stream:
        table = read_table(stream, stored.name)
    resolved = resolve(read_legacy(table, entity.pack), entity, pack)
    _require_departments(actor, resolved)
    return resolved


def batch_open(  # noqa: PLR0913 - the parts of a batch, each named
    *,
    actor: User,
    entity: LegalEntity,
    stored: StoredFile,
    elements: Mapping[str, Mapping[str, str]],
    exclusions: Mapping[str, Mapping[str, Any]],
    necessity: str,
    leave_out_faulty: bool = False,
) -> LegacyBatch:
    """Store the rows of an older register as the drafts of one batch and put it to review.

    `elements` are {element: {reason, evidence}}, `exclusions` {exclusion: {answer, fields}}.

    Raises:
        LegacyFaultyError: rows are faulty and were not to be left out; nothing is written.
        LegacyEmptyError, LegacyAnswersError: each as it says.
    """
    resolved = legacy_read(actor=actor, stored=stored, entity=entity)
    if resolved.faults and not leave_out_faulty:
        raise LegacyFaultyError(count=len(resolved.faults))
    if not resolved.rows:
        raise LegacyEmptyError
    _verify_answers(entity, elements, exclusions, necessity)
    with transaction.atomic():
        batch = LegacyBatch.objects.create(
            entity=entity,
            file=stored,
            elements={key: dict(value) for key, value in elements.items()},
            exclusions={key: dict(value) for key, value in exclusions.items()},
            necessity=necessity.strip(),
            state=BatchState.UNDER_REVIEW,
            created_by=actor,
            created_at=clock().now(),
        )
        rows_insert(
            LegacyRow(batch=batch, position=values["position"], values=values) for values in resolved.rows
        )
        title = _("Older register: %(count)d secrets") % {"count": len(resolved.rows)}
        batch.request_id = request_for_batch(batch, title=title).pk
        batch.save(update_fields=["request_id"])
        append(
            RegisterTag.LEGACY_SUBMITTED,
            actor=actor.ledger_actor,
            subject=batch.ledger_subject,
            detail={
                "rows": str(len(resolved.rows)),
                "left_out": str(len(resolved.faults)),
                "sha256": stored.sha256,
            },
        )
    return batch


def batch_withdraw(*, actor: User, batch: LegacyBatch) -> None:
    """Take a batch back before it is decided."""
    request = ApprovalRequest.objects.get(pk=batch.request_id)
    with transaction.atomic():
        request_withdraw(request=request, actor=actor, from_subject=True)
        batch_end(batch, state=BatchState.WITHDRAWN, actor=actor, reason="")


# --- what follows from decisions; called by `handlers` inside the transaction of the decision


def batch_reviewed(batch: LegacyBatch) -> None:
    """Pass a reviewed batch on to the leaders."""
    batch.state = BatchState.AWAITING_APPROVAL
    batch.save(update_fields=["state"])


def batch_end(batch: LegacyBatch, *, state: str, actor: User, reason: str) -> None:
    """End a batch without taking anything over."""
    tags = {
        BatchState.RETURNED: RegisterTag.LEGACY_RETURNED,
        BatchState.REJECTED: RegisterTag.LEGACY_REJECTED,
        BatchState.WITHDRAWN: RegisterTag.LEGACY_WITHDRAWN,
    }
    batch.state, batch.outcome_reason, batch.closed_at = state, reason, clock().now()
    batch.save(update_fields=["state", "outcome_reason", "closed_at"])
    append(
        tags[BatchState(state)],
        actor=actor.ledger_actor,
        subject=batch.ledger_subject,
        detail={"reason": reason},
    )


def _verify_answers(
    entity: LegalEntity,
    elements: Mapping[str, Mapping[str, str]],
    exclusions: Mapping[str, Mapping[str, Any]],
    necessity: str,
) -> None:
    """Return if elements, exclusions and necessity are answered so that the rows can be trade secrets."""
    answers = {
        key: EngineAnswer({"yes": True, "no": False}.get(said.get("answer", "")), said.get("fields", {}))
        for key, said in exclusions.items()
    }
    clear = check_exclusions(company_pack(entity.pk, entity.pack), answers, today_of(entity)).clear
    parts = [elements.get(item.value, {}).get(part) for item in ElementJudgement.Element for part in PARTS]
    if not clear or not necessity.strip() or not all(parts):
        raise LegacyAnswersError


def _require_departments(actor: User, resolved: Resolved) -> None:
    keys = {values["owner_department"] for values in resolved.rows}
    for department in Department.objects.filter(pk__in=keys):
        gate.require(actor, Action.SECRET_IMPORT, department_resource(department))
