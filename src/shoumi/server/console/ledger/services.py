"""What people do on the ledger's pages: reveal what an entry commits to, and start a self-audit.

Each asks the gate first and leaves a ledger entry.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.console.ledger.queries import entry_resource, ledger_resource
from shoumi.server.ledger.queries import EntryDetail, LedgerEntry, entry_count, entry_details
from shoumi.server.ledger.services import append, audit_run
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.tasks import audit_task

AUDIT_AT_ONCE = 20_000  # entries that are examined while the person waits, a second or so


def details_reveal(*, actor: User, entry: LedgerEntry, purpose: str) -> tuple[EntryDetail, ...]:
    """Return what `entry` commits to, with values and salts; that it was shown, and why, is recorded.

    Raises:
        NotPermittedError: `actor` may not, or gives no purpose.
    """
    gate.require(actor, Action.LEDGER_REVEAL, entry_resource(entry), purpose=purpose)
    details = entry_details(entry)
    with transaction.atomic():
        append(
            LedgerTag.LEDGER_DETAIL_REVEALED,
            actor=actor.ledger_actor,
            subject=f"entry:{entry.index}",
            detail={"names": [detail.name for detail in details], "purpose": purpose},
        )
    return details


def audit_start(*, actor: User) -> bool:
    """Examine the ledger: now if it is small, else in the worker; return whether it has ended.

    Raises:
        NotPermittedError: `actor` may not.
    """
    gate.require(actor, Action.LEDGER_AUDIT, ledger_resource())
    if entry_count() <= AUDIT_AT_ONCE:
        audit_run(actor=actor.ledger_actor)
        return True
    audit_task.enqueue(actor.ledger_actor)
    return False
