"""Standing in for somebody: made by who is away, for some kinds and some time, ended by either of the two.

A delegate decides on behalf of the delegator and gains nothing else: no sight of what the delegator sees
besides the requests, and nothing to pass on.  Each is an entry in the ledger; the secrecy office is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from shoumi.engine.policy import Action, Resource, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import Delegation
from shoumi.server.approvals.queries import kinds as known_kinds
from shoumi.server.approvals.queries import may_stand_in
from shoumi.server.approvals.services.errors import (
    DelegateUnfitError,
    DelegationKindError,
    DelegationOverError,
    DelegationTimesError,
)
from shoumi.server.approvals.services.notices import tell_delegation, tell_delegation_ended
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

LONGEST = timedelta(days=180)


def delegation_create(  # noqa: PLR0913 - the parts of a delegation, each named
    *,
    actor: User,
    delegate: User,
    starts_at: datetime,
    ends_at: datetime,
    kinds: Sequence[str] = (),
    reason: str = "",
) -> Delegation:
    """Let `delegate` decide on behalf of the actor, for some kinds of requests (none named: all).

    Raises:
        DelegationTimesError: the times are in the wrong order, past, or too far apart.
        DelegationKindError: there is no such kind.
        DelegateUnfitError: the delegate is the actor, not active, or has a role apart from deciding.
        NotPermittedError: the actor may not delegate.
    """
    if not starts_at < ends_at <= starts_at + LONGEST or ends_at <= clock().now():
        raise DelegationTimesError(days=LONGEST.days)
    for kind in kinds:
        if kind not in known_kinds():
            raise DelegationKindError(kind=kind)
    if delegate.pk == actor.pk or not may_stand_in(delegate):
        raise DelegateUnfitError
    gate.require(actor, Action.APPROVAL_DELEGATE, _resource(actor, actor, delegate, only=actor))
    with transaction.atomic():
        delegation = Delegation.objects.create(
            delegator=actor,
            delegate=delegate,
            kinds=sorted(set(kinds)),
            reason=reason.strip(),
            starts_at=starts_at,
            ends_at=ends_at,
            created_at=clock().now(),
        )
        tell_delegation(delegation)
        append(
            LedgerTag.APPROVALS_DELEGATION_CREATED,
            actor=actor.ledger_actor,
            subject=f"delegation:{delegation.pk}",
            detail={
                "delegator": str(actor.pk),
                "delegate": str(delegate.pk),
                "kinds": delegation.kinds,
                "starts": starts_at.isoformat(),
                "ends": ends_at.isoformat(),
                "reason": delegation.reason,
            },
        )
    return delegation


def delegation_end(*, delegation: Delegation, actor: User) -> Delegation:
    """End a delegation before its time; who gave it and who holds it may.

    Raises:
        NotPermittedError: the actor is neither of the two.
        DelegationOverError: it has ended already.
    """
    resource = _resource(actor, delegation.delegator, delegation.delegate)
    gate.require(actor, Action.APPROVAL_DELEGATE, resource)
    with transaction.atomic():
        locked = Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)
        if locked.ended_at is not None or locked.ends_at <= clock().now():
            raise DelegationOverError
        locked.ended_at = clock().now()
        locked.save(update_fields=["ended_at"])
        tell_delegation_ended(locked, actor)
        append(
            LedgerTag.APPROVALS_DELEGATION_ENDED,
            actor=actor.ledger_actor,
            subject=f"delegation:{locked.pk}",
            detail={"delegator": str(locked.delegator_id), "delegate": str(locked.delegate_id)},
        )
    return locked


def _resource(actor: User, delegator: User, delegate: User, *, only: User | None = None) -> Resource:
    """Return a delegation as the rules see it: a request that the persons in it decide themselves."""
    persons = [only] if only else [delegator, delegate]
    return resources.approval(
        f"delegation-of-{delegator.pk}",
        requester=str(delegate.pk),
        step="delegate",
        deciders=[str(person.pk) for person in persons],
        places=gate.subject_of(actor).places,
    )
