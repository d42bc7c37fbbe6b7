"""Lets operations on keys happen only when a second person has approved them.

Whoever owns an operation (rotating a key, exporting a trust policy) registers it here once at start; the
operation runs inside the approval's transaction, so it happens with the approval or not at all.
What an operation does to keys is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.models import FourEyesState, KeyOperation, User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag, Tag


class KeyOperationUnknownError(InputError):
    """No such operation has been registered."""

    code = "accounts.key_operation_unknown"
    message = "There is no key operation {operation}."


class KeyOperationStateError(ConflictError):
    """The operation does not wait for a decision any more."""

    code = "accounts.key_operation_state"
    message = "The key operation is {state}; this is not possible any more."


@dataclass(frozen=True, slots=True)
class Handler:
    """What runs when an operation has been approved."""

    label: str | Promise  # what a person reads
    run: Callable[[str], None]  # takes the key's id


_handlers: dict[str, Handler] = {}


def key_operation_register(name: str, *, label: str | Promise, run: Callable[[str], None]) -> None:
    """Make `name` an operation that can be asked for; called in `AppConfig.ready`."""
    _handlers[name] = Handler(label, run)


def key_operations() -> dict[str, Handler]:
    """Return the operations that can be asked for, by name."""
    return dict(_handlers)


def key_operation_request(*, actor: User, operation: str, key_id: str, reason: str) -> KeyOperation:
    """Ask for an operation; nothing happens to the key until somebody else approves.

    Raises:
        KeyOperationUnknownError: nobody registered it.
        NotPermittedError: `actor` may not ask.
    """
    if operation not in _handlers:
        raise KeyOperationUnknownError(operation=operation)
    wanted = KeyOperation(
        operation=operation, key_id=key_id, reason=reason, requested_by=actor, requested_at=clock().now()
    )
    gate.require(actor, Action.KEY_MANAGE, queries.key_operation_resource(wanted))
    with transaction.atomic():
        wanted.save(force_insert=True)
        _record(LedgerTag.ACCOUNTS_KEY_OPERATION_REQUESTED, actor, wanted)
    return wanted


def key_operation_approve(*, actor: User, operation: KeyOperation) -> KeyOperation:
    """Approve an operation that somebody else asked for, and run it.

    Raises:
        NotPermittedError: `actor` may not, or asked for it.
        KeyOperationStateError: it waits no longer.
        ShoumiError: the operation itself failed; then nothing is approved.
    """
    gate.require(actor, Action.KEY_APPROVE, queries.key_operation_resource(operation))
    with transaction.atomic():
        found = _decided(actor, operation, FourEyesState.APPROVED)
        if found.operation not in _handlers:
            raise KeyOperationUnknownError(operation=found.operation)
        _handlers[found.operation].run(found.key_id)
        _record(LedgerTag.ACCOUNTS_KEY_OPERATION_APPROVED, actor, found)
    return found


def key_operation_refuse(*, actor: User, operation: KeyOperation) -> KeyOperation:
    """Refuse an operation that somebody else asked for; see `key_operation_approve`."""
    gate.require(actor, Action.KEY_APPROVE, queries.key_operation_resource(operation))
    with transaction.atomic():
        found = _decided(actor, operation, FourEyesState.REFUSED)
        _record(LedgerTag.ACCOUNTS_KEY_OPERATION_REFUSED, actor, found)
    return found


def key_operation_withdraw(*, actor: User, operation: KeyOperation) -> KeyOperation:
    """Take back an operation one has asked for oneself.

    Raises:
        NotPermittedError: `actor` may not ask for key operations at all.
        KeyOperationStateError: it waits no longer, or somebody else asked for it.
    """
    gate.require(actor, Action.KEY_MANAGE, queries.key_operation_resource(operation))
    with transaction.atomic():
        found = KeyOperation.objects.select_for_update(no_key=True).get(pk=operation.pk)
        if found.state != FourEyesState.REQUESTED or found.requested_by_id != actor.pk:
            raise KeyOperationStateError(state=str(found.get_state_display()))
        found.state = FourEyesState.WITHDRAWN
        found.save()
        _record(LedgerTag.ACCOUNTS_KEY_OPERATION_WITHDRAWN, actor, found)
    return found


def _decided(actor: User, operation: KeyOperation, state: FourEyesState) -> KeyOperation:
    found = KeyOperation.objects.select_for_update(no_key=True).get(pk=operation.pk)
    if found.state != FourEyesState.REQUESTED:
        raise KeyOperationStateError(state=str(found.get_state_display()))
    found.state = state
    found.approved_by = actor
    found.approved_at = clock().now()
    found.save()
    return found


def _record(tag: Tag, actor: User, operation: KeyOperation) -> None:
    append(
        tag,
        actor=actor.ledger_actor,
        subject=f"key_operation:{operation.pk}",
        detail={"operation": operation.operation, "key": operation.key_id, "reason": operation.reason},
    )
