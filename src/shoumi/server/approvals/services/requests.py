"""Opening a request, withdrawing it, and closing it when what it was about no longer needs it.

Who may open a request is asked by the app that opens it.  Opening and closing are each one transaction with
one ledger entry about the subject; people are told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.engine.workflow import APPROVAL_REQUEST, APPROVAL_STEP, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.approvals.models import ApprovalPlace, ApprovalRequest, ApprovalStep, StepState
from shoumi.server.approvals.queries import (
    current_step,
    deciders_now,
    kind_of,
    request_resource,
    voices_left,
)
from shoumi.server.approvals.services.errors import (
    RequestClosedError,
    StepPlanError,
    WithdrawElsewhereError,
)
from shoumi.server.approvals.services.notices import (
    tell_deciders,
    tell_outcome,
    tell_taken_back,
    tell_too_few,
)
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

SYSTEM = "system:approvals"


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step of a request to be opened.

    Whoever holds `role` for `scope` or a place above it may decide, and the `named` persons; `scope` is empty
    for the whole company, else `entity:<uuid>` or `department:<uuid>`.
    """

    name: str  # `review`, `approve` or another short stable name
    role: str = ""  # a value of `engine.policy.Role`; empty: only the named persons
    scope: str = ""
    quorum: int = 1  # different persons
    due: timedelta | None = None  # from the opening of the step
    named: tuple[User, ...] = ()


@gate.remembered_subjects()
def request_open(  # noqa: PLR0913 - the parts of a request, each named
    *,
    kind: str,
    subject: str,
    title: str,
    requester: User,
    steps: Sequence[StepPlan],
    scope: str = "",
    barred: Iterable[User] = (),
) -> ApprovalRequest:
    """Open a request, open its first step, and tell those who may decide it.

    `subject` is what the ledger calls it (`secret:<uuid>`), `scope` where it stands (who watches over that
    place sees the request; the steps' scopes count as well), `barred` who took part in the proposal besides
    the requester: they must not decide, nor may anybody on their behalf.

    Raises:
        UnknownKindError: nobody registered the kind.
        StepPlanError: no step, or a step that nobody could be asked to decide.
    """
    kind_of(kind)
    if not steps or any(plan.quorum < 1 or not (plan.role or plan.named) for plan in steps):
        raise StepPlanError
    with transaction.atomic():
        request = ApprovalRequest.objects.create(
            kind=kind,
            subject=subject,
            title=title[:300],
            requester=requester,
            state=APPROVAL_REQUEST.initial,
            opened_at=clock().now(),
        )
        request.barred.set({user for user in barred if user.pk != requester.pk})
        for ordinal, plan in enumerate(steps, 1):
            _step_create(request, ordinal, plan)
        scopes = {plan.scope for plan in steps} | ({scope} if scope else set())
        _places_create(request, scopes)
        step_open(request.steps.get(ordinal=1), request)
        append(
            LedgerTag.APPROVALS_REQUEST_OPENED,
            actor=requester.ledger_actor,
            subject=subject,
            detail={
                "request": str(request.pk),
                "kind": kind,
                "steps": [f"{plan.name}:{plan.role or 'named'}:{plan.quorum}" for plan in steps],
            },
        )
    return request


@gate.remembered_subjects()
def request_withdraw(
    *, request: ApprovalRequest, actor: User, reason: str = "", from_subject: bool = False
) -> ApprovalRequest:
    """Take a request back before it is decided; `from_subject` if the app behind it asks and knows already.

    Raises:
        RequestClosedError: it is not open any more.
        NotPermittedError: only who made a request withdraws it.
        WithdrawElsewhereError: the kind is withdrawn on the page of its subject.
    """
    verify_open(request)
    gate.require(actor, Action.APPROVAL_WITHDRAW, request_resource(request))
    handlers = kind_of(request.kind)
    if not from_subject and handlers.on_withdrawn is None:
        raise WithdrawElsewhereError
    with transaction.atomic():
        locked = request_locked(request)
        step = current_step(locked)
        asked = deciders_now(step) if step else set()
        request_close(locked, "withdraw", reason)
        tell_taken_back(locked, asked)
        append(
            LedgerTag.APPROVALS_REQUEST_WITHDRAWN,
            actor=actor.ledger_actor,
            subject=locked.subject,
            detail={"request": str(locked.pk), "reason": reason},
        )
        if not from_subject and handlers.on_withdrawn is not None:
            handlers.on_withdrawn(locked, actor)
    return locked


def request_expire(
    *, request_id: UUID, actor: User | None = None, reason: str = ""
) -> ApprovalRequest | None:
    """Close a request because its subject no longer needs it; the app behind it asked permission.

    A request that is closed already stays as it is.  `actor` is who brought that about, None for the clock.
    """
    with transaction.atomic():
        request = ApprovalRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
        if request is None or not request.is_open:
            return request
        step = current_step(request)
        asked = deciders_now(step) - {actor} if step else set()
        request_close(request, "expire", reason)
        tell_taken_back(request, asked)
        if request.requester != actor:
            tell_outcome(request, reason)
        append(
            LedgerTag.APPROVALS_REQUEST_EXPIRED,
            actor=actor.ledger_actor if actor else SYSTEM,
            subject=request.subject,
            detail={"request": str(request.pk), "reason": reason},
        )
    return request


# --- pieces that the other services of this app use, inside their transaction


def verify_open(request: ApprovalRequest) -> None:
    """Return if the request still waits for a decision; raise `RequestClosedError` otherwise."""
    if not request.is_open:
        raise RequestClosedError(state=request.state)


def request_locked(request: ApprovalRequest) -> ApprovalRequest:
    """Lock the subject's rows and then the request, always in this order, and return it afresh and open."""
    handlers = kind_of(request.kind)
    if handlers.lock is not None:
        handlers.lock(request)
    locked = ApprovalRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    verify_open(locked)
    return locked


def request_close(request: ApprovalRequest, transition: str, reason: str = "") -> None:
    """Move a locked request to its end, and close the steps that were not decided."""
    now = clock().now()
    request.state = advance(APPROVAL_REQUEST, request.state, transition)
    request.closed_at, request.due_at, request.outcome_reason = now, None, reason
    request.save(update_fields=["state", "closed_at", "due_at", "outcome_reason"])
    for step in request.steps.filter(state__in=(StepState.WAITING, StepState.OPEN)):
        step_close(step, "close")


def step_open(step: ApprovalStep, request: ApprovalRequest) -> None:
    """Open a step of a locked request, set its date, and tell those who may decide it."""
    now = clock().now()
    step.request = request
    step.state = advance(APPROVAL_STEP, step.state, "open")
    step.opened_at = now
    step.due_at = now + step.due_in if step.due_in is not None else None
    step.save(update_fields=["state", "opened_at", "due_at"])
    request.due_at = step.due_at
    request.save(update_fields=["due_at"])
    tell_deciders(step)
    if (found := voices_left(step)) < step.quorum:
        tell_too_few(step, found)


def step_close(step: ApprovalStep, transition: str) -> None:
    """Move a step to its end."""
    step.state = advance(APPROVAL_STEP, step.state, transition)
    step.closed_at = clock().now()
    step.save(update_fields=["state", "closed_at"])


def _step_create(request: ApprovalRequest, ordinal: int, plan: StepPlan) -> ApprovalStep:
    step = ApprovalStep.objects.create(
        request=request,
        ordinal=ordinal,
        name=plan.name,
        role=plan.role,
        scope=plan.scope,
        quorum=plan.quorum,
        due_in=plan.due,
        state=APPROVAL_STEP.initial,
    )
    step.named.set(plan.named)
    ApprovalPlace.objects.bulk_create(
        ApprovalPlace(request=request, step=step, place=place) for place in sorted(places_of(plan.scope))
    )
    return step


def _places_create(request: ApprovalRequest, scopes: set[str]) -> None:
    places = set().union(*(places_of(scope) for scope in scopes))
    ApprovalPlace.objects.bulk_create(ApprovalPlace(request=request, place=place) for place in sorted(places))
