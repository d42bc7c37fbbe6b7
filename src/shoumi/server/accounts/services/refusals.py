"""Records what the gate refused: one ledger entry and one count each, in a transaction of its own.

Called by the middleware and the API after the refused service has ended, so that the record stays whatever
else is rolled back.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.models import RefusalCount, User
from shoumi.server.accounts.queries import ANONYMOUS
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag


def actor_of(user: User | AnonymousUser) -> str:
    """Return the name under which the ledger knows whoever asks."""
    return user.ledger_actor if isinstance(user, User) else f"system:{ANONYMOUS}"


def refusal_record(*, user: User | AnonymousUser, error: NotPermittedError) -> None:
    """Write the refusal to the ledger and count it."""
    actor = actor_of(user)
    resource = error.resource
    with transaction.atomic():
        count, _made = RefusalCount.objects.get_or_create(
            actor=actor, day=clock().now().date(), action=str(error.action)
        )
        RefusalCount.objects.filter(pk=count.pk).update(count=F("count") + 1)
        append(
            LedgerTag.POLICY_DECISION_REFUSED,
            actor=actor,
            subject=f"{resource.kind.lower()}:{resource.id}",
            detail={
                "action": str(error.action),
                "reasons": list(error.reasons),
                "faulty": error.decision.faulty,
            },
        )
