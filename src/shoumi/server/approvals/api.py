"""The API of approvals, below /api/v1/approvals/: my requests, deciding them, and standing in.

Errors are those of the services, in the one shape of `project.api`.  Annotations are evaluated at once here:
a paginated function is wrapped by django-ninja in a module that does not know the names in ours.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import AwareDatetime, Field

from shoumi.server.accounts.models import User
from shoumi.server.accounts.paging import Paging
from shoumi.server.approvals.models import Approval, ApprovalRequest, Delegation
from shoumi.server.approvals.queries import (
    current_step,
    delegations_of,
    request_seen,
    requests_decided_by,
    requests_opened_by,
    requests_to_decide,
    requests_visible_to,
    steps_of,
)
from shoumi.server.approvals.services import (
    DelegateUnfitError,
    delegation_create,
    delegation_end,
    request_decide,
    request_withdraw,
)
from shoumi.server.approvals.services.deciding import LONGEST_REASON

router = Router()
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]
BOXES = {
    "to_decide": requests_to_decide,
    "opened": requests_opened_by,
    "decided": requests_decided_by,
    "all": requests_visible_to,
}


class RequestOut(Schema):
    """A request as lists show it."""

    id: UUID
    kind: str
    subject: str
    title: str
    requester_id: UUID
    requester: str
    state: Literal["open", "escalated", "approved", "returned", "rejected", "withdrawn", "expired"]
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome_reason: str

    @staticmethod
    def resolve_requester(row: ApprovalRequest) -> str:
        """Return the requester's name."""
        return row.requester.display_name


class DecisionOut(Schema):
    """One decision."""

    decider_id: UUID
    on_behalf_of_id: UUID | None
    verdict: Literal["approve", "return", "reject"]
    reason: str
    at: datetime


class StepOut(Schema):
    """One step with its decisions."""

    id: UUID
    name: str
    role: str
    quorum: int
    state: Literal["waiting", "open", "approved", "returned", "rejected", "closed"]
    due_at: datetime | None
    decisions: list[DecisionOut]


class RequestDetailOut(RequestOut):
    """A request with its steps; `step` is the one that is open, to be sent back with a decision."""

    step: UUID | None
    steps: list[StepOut]

    @staticmethod
    def resolve_step(row: ApprovalRequest) -> UUID | None:
        """Return the id of the open step."""
        step = current_step(row)
        return step.pk if step else None

    @staticmethod
    def resolve_steps(row: ApprovalRequest) -> list[dict[str, object]]:
        """Return the steps in order."""
        return [
            {
                "id": step.pk,
                "name": step.name,
                "role": step.role,
                "quorum": step.quorum,
                "state": step.state,
                "due_at": step.due_at,
                "decisions": list(step.approvals.all()),
            }
            for step in steps_of(row)
        ]


class DecisionIn(Schema):
    """What is decided, and at which step."""

    verdict: Literal["approve", "return", "reject"]
    reason: Reason = ""
    step: UUID


class WithdrawalIn(Schema):
    """Why a request is taken back."""

    reason: Reason = ""


class DelegationOut(Schema):
    """Who stands in for whom."""

    id: UUID
    delegator_id: UUID
    delegate_id: UUID
    kinds: list[str]
    reason: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None


class DelegationIn(Schema):
    """Who is to stand in for me; times are aware, the end is the first moment at which it no longer holds."""

    delegate: UUID
    kinds: list[str] = []
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Annotated[str, Field(max_length=400)] = ""


@router.get("/requests", response=list[RequestOut], operation_id="approval_request_list")
@paginate(Paging)
def request_list(
    request: HttpRequest, box: Literal["to_decide", "opened", "decided", "all"] = "to_decide"
) -> object:
    """Return the requests of one box: waiting for me, opened by me, decided by me, or all that I may see."""
    return BOXES[box](request.user)


@router.get("/requests/{request_id}", response=RequestDetailOut, operation_id="approval_request_get")
def request_get(request: HttpRequest, request_id: UUID) -> object:
    """Return one request that I may see."""
    return _seen(request, request_id)


@router.post("/requests/{request_id}/decision", response=DecisionOut, operation_id="approval_request_decide")
def request_decision(request: HttpRequest, request_id: UUID, data: DecisionIn) -> Approval:
    """Decide the step `step` of a request."""
    return request_decide(
        request=_seen(request, request_id),
        actor=request.user,
        verdict=data.verdict,
        reason=data.reason,
        step_id=data.step,
    )


@router.post(
    "/requests/{request_id}/withdrawal", response=RequestDetailOut, operation_id="approval_request_withdraw"
)
def request_withdrawal(request: HttpRequest, request_id: UUID, data: WithdrawalIn) -> object:
    """Take my own request back."""
    return request_withdraw(request=_seen(request, request_id), actor=request.user, reason=data.reason)


@router.get("/delegations", response=list[DelegationOut], operation_id="delegation_list")
@paginate(Paging)
def delegation_list(request: HttpRequest) -> object:
    """Return the delegations that I gave or hold."""
    return delegations_of(request.user)


@router.post("/delegations", response=DelegationOut, operation_id="delegation_create")
def delegation_make(request: HttpRequest, data: DelegationIn) -> Delegation:
    """Let somebody stand in for me."""
    delegate = User.objects.filter(pk=data.delegate, is_active=True).first()
    if delegate is None:
        raise DelegateUnfitError
    return delegation_create(
        actor=request.user,
        delegate=delegate,
        kinds=data.kinds,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        reason=data.reason,
    )


@router.post("/delegations/{delegation_id}/end", response=DelegationOut, operation_id="delegation_end")
def delegation_stop(request: HttpRequest, delegation_id: UUID) -> Delegation:
    """End a delegation that I gave or hold."""
    row = delegations_of(request.user).filter(pk=delegation_id).first()
    if row is None:
        raise Http404
    return delegation_end(delegation=row, actor=request.user)


def _seen(request: HttpRequest, request_id: UUID) -> ApprovalRequest:
    try:
        return request_seen(request.user, request_id)
    except ApprovalRequest.DoesNotExist:
        raise Http404 from None
