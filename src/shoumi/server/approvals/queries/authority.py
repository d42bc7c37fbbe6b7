"""Who may decide a step: by a role held for its place, by name, or on behalf of somebody who may.

Four eyes: whoever opened the request, took part in the proposal or has spoken already, for themselves or
through another, has no voice left, and lends none to a delegate.  A delegation is not passed on.  The rules
of `engine.policy` are asked as well before anything is decided; this module only finds the persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.policy import COMPANY, Role, Subject
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.approvals.models import (
    OPEN_STATES,
    Approval,
    ApprovalPlace,
    ApprovalRequest,
    ApprovalStep,
    Delegation,
    StepState,
)
from shoumi.server.ledger.services import clock

NO_STANDING_IN = frozenset({Role.IT_ADMINISTRATOR, Role.AUDITOR, Role.OUTSIDE_COUNSEL})
NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Authority:
    """By whose right somebody decides."""

    decider: User
    on_behalf_of: User | None  # None: by their own


def is_able(user: User) -> bool:
    """Tell whether `user` can take part at all: active, working here, not an outsider."""
    return _able(gate.subject_of(user))


def places_by_role(user: User) -> dict[Role, set[str]]:
    """Return the places for which `user` holds each role now; none for who cannot take part at all."""
    return _held(gate.subject_of(user))


def may_decide(user: User) -> bool:
    """Tell whether `user` can decide anything: auditors decide nothing, whatever else they are."""
    return _deciding_places(user) is not None


def may_stand_in(user: User) -> bool:
    """Tell whether `user` may decide for others: not with a role that must stay apart from deciding."""
    subject = gate.subject_of(user)
    return _able(subject) and not {held.role for held in subject.roles} & NO_STANDING_IN


def _able(subject: Subject) -> bool:
    ended = subject.ends_at is not None and subject.ends_at <= clock().now()
    outside = any(held.role is Role.OUTSIDE_COUNSEL for held in subject.roles)
    return subject.active and not ended and not outside


def _held(subject: Subject) -> dict[Role, set[str]]:
    found: dict[Role, set[str]] = {}
    now = clock().now()
    for held in subject.roles if _able(subject) else ():
        if held.in_force(now):
            found.setdefault(held.role, set()).add(held.scope)
    return found


def _deciding_places(user: User) -> dict[Role, set[str]] | None:
    """Return the places for which `user` holds each role, None for who decides nothing; asks once."""
    subject = gate.subject_of(user)
    held = _held(subject)
    return held if _able(subject) and Role.AUDITOR not in held else None


def delegations_now(**condition: object) -> QuerySet[Delegation]:
    """Return the delegations that hold now and meet `condition`."""
    now = clock().now()
    return Delegation.objects.filter(
        starts_at__lte=now, ends_at__gt=now, ended_at__isnull=True, delegator__is_active=True, **condition
    ).select_related("delegator", "delegate")


def current_step(request: ApprovalRequest) -> ApprovalStep | None:
    """Return the step that is open, None for a closed request."""
    return request.steps.filter(state=StepState.OPEN).first() if request.is_open else None


def spoken(request: ApprovalRequest) -> set[object]:
    """Return the ids of users who have spoken in the request, for themselves or through another."""
    pairs = request.approvals.values_list("decider_id", "on_behalf_of_id")
    return {user for pair in pairs for user in pair if user is not None}


def without_voice(request: ApprovalRequest) -> set[object]:
    """Return the ids of users who must not decide, nor through anybody: requester, barred, spoken."""
    return {request.requester_id, *request.barred.values_list("pk", flat=True), *spoken(request)}


# --- from a person to the steps


def steps_to_decide(user: User) -> QuerySet[ApprovalStep]:
    """Return the open steps that `user` may decide now, by own right or on behalf of another."""
    if not may_decide(user):
        return ApprovalStep.objects.none()
    own = _own(user)
    if may_stand_in(user):
        for delegation in delegations_now(delegate=user):
            kinds = Q(request__kind__in=delegation.kinds) if delegation.kinds else Q()
            own |= _own(delegation.delegator) & _has_voice(delegation.delegator) & kinds
    open_now = ApprovalStep.objects.filter(state=StepState.OPEN, request__state__in=OPEN_STATES)
    return open_now.filter(own & _has_voice(user))


def authority_of(user: User, step: ApprovalStep) -> Authority | None:
    """Return by whose right `user` may decide `step` now, own right first; None if by nobody's."""
    row = ApprovalStep.objects.filter(pk=step.pk, state=StepState.OPEN, request__state__in=OPEN_STATES)
    if not steps_to_decide(user).filter(pk=step.pk).exists():
        return None
    if row.filter(_own(user)).exists():
        return Authority(user, None)
    for delegation in delegations_now(delegate=user).order_by("starts_at", "id"):
        fits = not delegation.kinds or step.request.kind in delegation.kinds
        if fits and row.filter(_own(delegation.delegator) & _has_voice(delegation.delegator)).exists():
            return Authority(user, delegation.delegator)
    return None


def _own(user: User) -> Q:
    """Return the condition that a step may be decided by a right of `user`'s own."""
    places_of_role = _deciding_places(user)
    if places_of_role is None:
        return NOTHING
    named = ApprovalStep.named.through.objects.filter(approvalstep_id=OuterRef("pk"), user_id=user.pk)
    condition = Q(Exists(named))
    for role, places in places_of_role.items():
        held = ApprovalPlace.objects.filter(step=OuterRef("pk"), place__in=places)
        condition |= Q(role=role.value) & Exists(held)
    return condition


def _has_voice(user: User) -> Q:
    """Return the condition that `user` neither opened the request, is barred from it, nor has spoken."""
    said = Approval.objects.filter(request=OuterRef("request")).filter(Q(decider=user) | Q(on_behalf_of=user))
    barred = ApprovalRequest.barred.through.objects.filter(
        approvalrequest_id=OuterRef("request"), user_id=user.pk
    )
    return ~Q(request__requester=user) & ~Exists(said) & ~Exists(barred)


# --- from a step to the persons


def holders_of(step: ApprovalStep) -> set[User]:
    """Return who may decide the step by a right of their own, leaving aside what they did in the request."""
    found = {user for user in step.named.all() if may_decide(user)}
    if step.role:
        role, places = Role(step.role), set(step.places.values_list("place", flat=True))
        scopes = {"" if place == COMPANY else place for place in places}
        holders = role_holders(role).filter(role_grants__role=role, role_grants__scope__in=scopes).distinct()
        for user in holders:
            if (_deciding_places(user) or {}).get(role, set()) & places:
                found.add(user)
    return found


def deciders_now(step: ApprovalStep) -> set[User]:
    """Return everybody who may decide the open step now, delegates included."""
    if step.state != StepState.OPEN or not step.request.is_open:
        return set()
    silent = without_voice(step.request)
    own = {user for user in holders_of(step) if user.pk not in silent}
    return own | {
        delegation.delegate
        for delegation in delegations_now(delegator__in=own)
        if (not delegation.kinds or step.request.kind in delegation.kinds)
        and delegation.delegate.pk not in silent
        and may_stand_in(delegation.delegate)
    }


def voices_left(step: ApprovalStep) -> int:
    """Count the voices that can still be raised in the open step."""
    silent = without_voice(step.request)
    return sum(user.pk not in silent for user in holders_of(step))


def deciders_of(subject: str) -> set[str]:
    """Return the ids of the accounts that have a step to decide on `subject` now."""
    requests = ApprovalRequest.objects.filter(subject=subject, state__in=OPEN_STATES)
    return {str(user.pk) for step in _open_steps(requests) for user in deciders_now(step)}


def earlier_deciders_of(request_id: object) -> set[str]:
    """Return the ids of the accounts that have spoken in a request; none for no request."""
    pairs = Approval.objects.filter(request_id=request_id).values_list("decider_id", "on_behalf_of_id")
    return {str(user) for pair in pairs for user in pair if user is not None} if request_id else set()


def _open_steps(requests: QuerySet[ApprovalRequest]) -> Iterable[ApprovalStep]:
    return ApprovalStep.objects.filter(state=StepState.OPEN, request__in=requests).select_related("request")
