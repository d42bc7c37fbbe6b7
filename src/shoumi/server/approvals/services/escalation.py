"""Passing on what is overdue: the deciders are reminded, the secrecy office and the requester are told.

Nobody gains a right by it; it only makes lateness visible, once per step, with an entry in the ledger.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.engine.workflow import APPROVAL_REQUEST, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest, ApprovalStep, RequestState, StepState
from shoumi.server.approvals.queries import current_step, overdue_steps, request_resource
from shoumi.server.approvals.services.errors import RemindedLatelyError
from shoumi.server.approvals.services.notices import tell_overdue
from shoumi.server.approvals.services.requests import SYSTEM, request_locked, verify_open
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

PAUSE = timedelta(days=1)  # between two reminders by hand


def requests_escalate(now: datetime | None = None) -> int:
    """Pass on every open step whose time was over at `now`; return how many there were."""
    count = 0
    for overdue in overdue_steps(now or clock().now()):
        with transaction.atomic():
            request = ApprovalRequest.objects.select_for_update(no_key=True).get(pk=overdue.request_id)
            step = request.steps.filter(pk=overdue.pk, state=StepState.OPEN, escalated_at=None).first()
            if step is None or not request.is_open:
                continue
            _pass_on(request, step, SYSTEM)
        count += 1
    return count


def request_escalate(*, request: ApprovalRequest, actor: User) -> ApprovalRequest:
    """Remind the deciders of a request by hand, as the secrecy office may.

    Raises:
        RequestClosedError: it is not open any more.
        NotPermittedError: the request is not within the actor's remit.
        RemindedLatelyError: they were reminded less than a day ago.
    """
    verify_open(request)
    gate.require(actor, Action.APPROVAL_ESCALATE, request_resource(request))
    with transaction.atomic():
        locked = request_locked(request)
        step = current_step(locked)
        if step is None or (step.escalated_at and clock().now() - step.escalated_at < PAUSE):
            raise RemindedLatelyError
        _pass_on(locked, step, actor.ledger_actor)
    return locked


def _pass_on(request: ApprovalRequest, step: ApprovalStep, actor: str) -> None:
    step.request = request
    step.escalated_at = clock().now()
    step.save(update_fields=["escalated_at"])
    if request.state == RequestState.OPEN:
        request.state = advance(APPROVAL_REQUEST, request.state, "escalate")
        request.save(update_fields=["state"])
    tell_overdue(step)
    append(
        LedgerTag.APPROVALS_REQUEST_ESCALATED,
        actor=actor,
        subject=request.subject,
        detail={
            "request": str(request.pk),
            "step": step.name,
            "due": step.due_at.isoformat() if step.due_at else None,
        },
    )
