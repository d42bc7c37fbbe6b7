"""Deciding a request: one transaction, one entry in the ledger, and everybody concerned is told.

Nobody approves what they proposed, neither as a second role nor on behalf of another; one person has one
voice per request.  Of two who decide at once, the second is counted if a voice is still needed and told so if
not. What follows for the subject is done by the app behind the kind, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import APPROVAL_REQUEST, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services import refusal_record
from shoumi.server.approvals.models import (
    Approval,
    ApprovalRequest,
    ApprovalStep,
    RequestState,
    StepState,
    Verdict,
)
from shoumi.server.approvals.queries import (
    authority_of,
    current_step,
    kind_of,
    request_resource,
    step_resource,
)
from shoumi.server.approvals.services.errors import (
    DecideSinglyError,
    ReasonError,
    RequestClosedError,
    StepMovedOnError,
    TookPartError,
    VoiceUsedError,
)
from shoumi.server.approvals.services.notices import tell_outcome
from shoumi.server.approvals.services.requests import (
    request_close,
    request_locked,
    step_close,
    step_open,
)
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

LONGEST_REASON = 2_000  # characters
TRANSITIONS = {Verdict.RETURN: "send_back", Verdict.REJECT: "reject"}
TAGS = {
    Verdict.APPROVE: LedgerTag.APPROVALS_DECISION_APPROVED,
    Verdict.RETURN: LedgerTag.APPROVALS_DECISION_RETURNED,
    Verdict.REJECT: LedgerTag.APPROVALS_DECISION_REJECTED,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one request of a bulk decision."""

    request: ApprovalRequest
    error: ShoumiError | None  # None: decided


@gate.remembered_subjects()
def request_decide(
    *,
    request: ApprovalRequest,
    actor: User,
    verdict: Verdict | str,
    reason: str = "",
    step_id: UUID | None = None,
) -> Approval:
    """Decide the open step of a request, by own right or on behalf of whoever made the actor their delegate.

    `step_id` is the step that the actor looked at; give it wherever there is one, so that nobody decides a
    later step unawares.  The last approval of the last step approves the request; sending back and rejecting
    end it.

    Raises:
        ReasonError: no reason for sending back or rejecting, or one that is too long.
        RequestClosedError: the request was closed in the meantime.
        StepMovedOnError: another step is open now.
        NotPermittedError: the rules refuse, or the actor has no right to this step.
        TookPartError: the actor is barred from the request.
        VoiceUsedError: the voice was used between the question and the lock.
    """
    verdict, reason = Verdict(verdict), reason.strip()
    if len(reason) > LONGEST_REASON or (verdict != Verdict.APPROVE and not reason):
        raise ReasonError(longest=LONGEST_REASON)
    _require(request.pk, actor, step_id)
    with transaction.atomic():
        locked = request_locked(request)
        step = current_step(locked)
        if step is None or (step_id is not None and step.pk != step_id):
            raise StepMovedOnError
        step.request = locked
        authority = authority_of(actor, step)
        if authority is None:
            raise TookPartError if locked.barred.filter(pk=actor.pk).exists() else VoiceUsedError
        approval = Approval.objects.create(
            request=locked,
            step=step,
            decider=actor,
            on_behalf_of=authority.on_behalf_of,
            voice_of=authority.on_behalf_of or actor,
            verdict=verdict,
            reason=reason,
            at=clock().now(),
        )
        following = _step_on(locked, step, verdict, reason)
        append(
            TAGS[verdict],
            actor=actor.ledger_actor,
            subject=locked.subject,
            detail={
                "request": str(locked.pk),
                "step": step.name,
                "reason": reason,
                "on_behalf_of": str(authority.on_behalf_of.pk) if authority.on_behalf_of else None,
                "outcome": locked.state,
            },
        )
        _follow(locked, actor, reason, following)
    return approval


def requests_decide(
    *, requests: Iterable[ApprovalRequest], actor: User, verdict: Verdict | str, reason: str = ""
) -> list[Result]:
    """Decide several requests, each in a transaction of its own, and tell what became of each."""
    results = []
    for request in requests:
        in_bulk = kind_of(request.kind).in_bulk
        try:
            if in_bulk is not None and not in_bulk(request):
                raise DecideSinglyError
            step = current_step(request)
            request_decide(
                request=request,
                actor=actor,
                verdict=verdict,
                reason=reason,
                step_id=step.pk if step else None,
            )
        except ShoumiError as error:
            if isinstance(error, gate.NotPermittedError):
                refusal_record(user=actor, error=error)
            results.append(Result(request, error))
        else:
            results.append(Result(request, None))
    return results


def _require(request_id: UUID, actor: User, step_id: UUID | None) -> None:
    """Ask for permission; who may see the request is told that it moved on rather than that they may not."""
    fresh = ApprovalRequest.objects.get(pk=request_id)
    step = current_step(fresh)
    if step is None or (step_id is not None and step.pk != step_id):
        gate.require(actor, Action.APPROVAL_VIEW, request_resource(fresh))
        if step is None:
            raise RequestClosedError(state=fresh.state)
        raise StepMovedOnError
    gate.require(actor, Action.APPROVAL_DECIDE, step_resource(step))


def _step_on(
    request: ApprovalRequest, step: ApprovalStep, verdict: Verdict, reason: str
) -> ApprovalStep | None:
    """Carry the decision into the states of step and request; return the step that opened, if one did."""
    if verdict != Verdict.APPROVE:
        step_close(step, TRANSITIONS[verdict])
        request_close(request, TRANSITIONS[verdict], reason)
        return None
    if step.approvals.filter(verdict=Verdict.APPROVE).count() < step.quorum:
        return None
    step_close(step, "approve")
    following = request.steps.filter(state=StepState.WAITING).order_by("ordinal").first()
    if following is None:
        request_close(request, "approve")
        return None
    if request.state == RequestState.ESCALATED:
        request.state = advance(APPROVAL_REQUEST, request.state, "resume")
        request.save(update_fields=["state"])
    step_open(following, request)
    return following


def _follow(request: ApprovalRequest, actor: User, reason: str, following: ApprovalStep | None) -> None:
    """Let the app behind the kind do what follows, and tell the requester of an end."""
    handlers = kind_of(request.kind)
    if following is not None and handlers.on_step is not None:
        handlers.on_step(request, following)
    if request.state == RequestState.APPROVED:
        handlers.on_approved(request, actor)
    elif request.state == RequestState.RETURNED:
        handlers.on_returned(request, actor, reason)
    elif request.state == RequestState.REJECTED:
        handlers.on_rejected(request, actor, reason)
    if not request.is_open:
        tell_outcome(request, reason)
