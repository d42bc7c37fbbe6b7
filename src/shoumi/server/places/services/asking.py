"""Puts designations, entry permissions and visits to approval, and closes a request that is no longer needed.

Nobody decides their own request; the secrecy office decides about entry, leaders about key places and
whatever is core.  What follows from a decision stands in `handlers`.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import StepPlan, request_expire, request_open, request_withdraw
from shoumi.server.places.models import Designation, EntryPermission, Visit, Zone
from shoumi.server.places.queries.holding import key_place_of

DESIGNATION_KIND = "places.designation"
PERMISSION_KIND = "places.permission"
VISIT_KIND = "places.visit"
CORE = 3
DUE = timedelta(days=5)
DUE_ENTRY = timedelta(days=3)


def request_for_designation(row: Designation, *, requester: User) -> ApprovalRequest:
    """Ask a leader of the entity whether it shall be designated, or withdrawn."""
    return request_open(
        kind=DESIGNATION_KIND,
        subject=row.ledger_subject,
        title=str(row.target),
        requester=requester,
        scope=row.scope,
        steps=[StepPlan("approve", Role.LEADER, row.entity.scope, due=DUE)],
    )


def request_for_permission(row: EntryPermission) -> ApprovalRequest:
    """Ask the secrecy office, and for core zones and key places a leader as well."""
    return request_open(
        kind=PERMISSION_KIND,
        subject=row.ledger_subject,
        title=str(row),
        requester=row.requested_by,
        scope=row.zone.scope,
        steps=_entry_steps(row.zone),
    )


def request_for_visit(row: Visit) -> ApprovalRequest:
    """Ask the secrecy office, and for core zones and key places a leader as well; no visitor is named."""
    return request_open(
        kind=VISIT_KIND,
        subject=row.ledger_subject,
        title=str(row),
        requester=row.requested_by,
        scope=row.zone.scope,
        steps=_entry_steps(row.zone),
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


def _entry_steps(zone: Zone) -> list[StepPlan]:
    steps = [StepPlan("review", Role.SECRECY_OFFICER, zone.entity.scope, due=DUE_ENTRY)]
    if zone.level >= CORE or key_place_of(zone) is not None:
        steps.append(StepPlan("approve", Role.LEADER, zone.entity.scope, due=DUE_ENTRY))
    return steps
