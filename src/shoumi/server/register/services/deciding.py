"""Puts proposals, changes and imported registers to approval, by the steps of their level.

Follows the seed guide 四 and 四(二): the office reviews, and the approver's rank rises with the level.
Who may decide is worked out by `approvals`; what follows from a decision stands in `handlers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from shoumi.engine.jurisdiction import ApproverStep
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import StepPlan, request_expire, request_open, request_withdraw
from shoumi.server.register.models import LegacyBatch, SecretChange, TradeSecret
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.standards import level_standard, standards_of

SECRET_KIND = "register.secret"  # noqa: S105 - the name of a kind
CHANGE_KIND = "register.change"
LEGACY_KIND = "register.legacy"


def request_for_secret(secret: TradeSecret) -> ApprovalRequest:
    """Open the request of a proposal; whoever worked on the draft must not decide it."""
    standard = level_standard(secret.entity_id, company_pack(secret.entity_id, secret.pack), secret.level)
    return request_open(
        kind=SECRET_KIND,
        subject=secret.ledger_subject,
        title=secret.name,
        requester=secret.proposer,
        scope=secret.owner_department.scope,
        steps=_plans(standard.steps, secret) if standard else (),
        barred=User.objects.filter(pk__in=secret.worked_on_by),
    )


def request_for_change(change: SecretChange, *, level: str) -> ApprovalRequest:
    """Open the request of a change or declassification, by the steps of `level`."""
    secret = change.secret
    standard = level_standard(secret.entity_id, company_pack(secret.entity_id, secret.pack), level)
    return request_open(
        kind=CHANGE_KIND,
        subject=secret.ledger_subject,
        title=f"{secret.number} {secret.name}",
        requester=change.requested_by,
        scope=secret.owner_department.scope,
        steps=_plans(standard.steps, secret) if standard else (),
    )


def request_for_batch(batch: LegacyBatch, *, title: str) -> ApprovalRequest:
    """Open the request of an imported register, by the steps of the highest level among its rows."""
    pack = company_pack(batch.entity_id, batch.entity.pack)
    present = set(batch.rows.values_list("values__level", flat=True))
    standard = next(item for item in standards_of(batch.entity_id, pack) if item.level.id in present)
    place = batch.entity.scope
    plans = [_plan(step, place) for step in standard.steps]
    return request_open(
        kind=LEGACY_KIND,
        subject=batch.ledger_subject,
        title=title,
        requester=batch.created_by,
        scope=place,
        steps=plans,
    )


def request_stop(request_id: UUID | None, *, actor: User | None, reason: str = "") -> None:
    """Close an open request: withdrawn by its requester, or else no longer needed."""
    request = ApprovalRequest.objects.filter(pk=request_id).first() if request_id else None
    if request is None or not request.is_open:
        return
    if actor is not None and actor.pk == request.requester_id:
        request_withdraw(request=request, actor=actor, reason=reason, from_subject=True)
    else:
        request_expire(request_id=request.pk, actor=actor, reason=reason)


def deciders_named(approvals: Iterable[object]) -> list[dict[str, str]]:
    """Return who decided as the record keeps them: account, name, step, moment, and for whom."""
    return [
        {
            "user": str(row.decider_id),
            "name": str(row.decider),
            "step": row.step.name,
            "at": row.at.isoformat(),
            "on_behalf_of": str(row.on_behalf_of or ""),
        }
        for row in approvals
    ]


def _plans(steps: Sequence[ApproverStep], secret: TradeSecret) -> list[StepPlan]:
    places = {"owner_department": secret.owner_department.scope, "entity": secret.entity.scope}
    return [_plan(step, places[step.within]) for step in steps]


def _plan(step: ApproverStep, place: str) -> StepPlan:
    return StepPlan(step.id, step.role, place, quorum=step.quorum, due=timedelta(days=step.due_days))
