"""The frame of every edit: permission, lock, version, one transaction, one ledger entry.

Follows the services pattern of the server.  Permission is asked before the transaction opens, so that a
refusal is recorded although nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import Tag
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.resources import secret_resource

State = TradeSecret.State
OPEN_TO_EDITS = (State.DRAFT, State.RETURNED)
WAITING = (State.PROPOSED, State.UNDER_REVIEW, State.AWAITING_APPROVAL)
UNDECIDED = (*OPEN_TO_EDITS, *WAITING)
WORKED_ON = (State.DRAFT, State.RETURNED, State.PROPOSED)


class SecretUnknownError(InputError):
    """No such secret, as far as the asker may know."""

    code = "register.secret_unknown"
    message = "There is no such trade secret in the register."


class SecretChangedError(ConflictError):
    """Somebody saved the secret in the meantime."""

    code = "register.secret_changed"
    message = (
        "Somebody else saved this secret in the meantime (it is at version {found}, "
        "you worked on {expected}). Look at it again and repeat your change."
    )


class SecretStateError(ConflictError):
    """The secret is not in a state in which this can be done."""

    code = "register.secret_state"
    message = "This cannot be done now: the secret stands at “{state}”."


@dataclass(slots=True)
class Edit:
    """An edit in progress: the locked secret, and what the ledger will say about it."""

    secret: TradeSecret
    tag: Tag
    detail: dict[str, JSONValue] = field(default_factory=dict)


@contextmanager
def editing(  # noqa: PLR0913 - the frame of every edit, each part named
    *,
    actor: User,
    secret_id: UUID,
    action: Action,
    tag: Tag,
    expected_version: int | None = None,
    states: tuple[str, ...] = OPEN_TO_EDITS,
    detail: Mapping[str, JSONValue] | None = None,
) -> Iterator[Edit]:
    """Yield the locked secret inside one transaction; on leaving, count the version and write the ledger.

    Raises:
        SecretUnknownError: there is no such secret.
        NotPermittedError: the gate refuses `action`.
        SecretChangedError: `expected_version` is given and is not the present one.
        SecretStateError: the secret stands at none of `states`.
    """
    found = TradeSecret.objects.filter(pk=secret_id).first()
    if found is None:
        raise SecretUnknownError
    gate.require(actor, action, secret_resource(found))
    with transaction.atomic():
        secret = secret_locked(secret_id, expected_version=expected_version, states=states)
        edit = Edit(secret, tag, dict(detail or {}))
        yield edit
        if secret.state in WORKED_ON and str(actor.pk) not in secret.worked_on_by:
            secret.worked_on_by = [*secret.worked_on_by, str(actor.pk)]
        touch(secret)
        append(
            edit.tag,
            actor=actor.ledger_actor,
            subject=secret.ledger_subject,
            detail={"version": str(secret.version), **edit.detail},
        )


def secret_locked(
    secret_id: UUID, *, expected_version: int | None = None, states: tuple[str, ...] | None = None
) -> TradeSecret:
    """Return the secret locked until the transaction ends, after checking its version and state."""
    secret = TradeSecret.objects.select_for_update(no_key=True).filter(pk=secret_id).first()
    if secret is None:
        raise SecretUnknownError
    if expected_version is not None and secret.version != expected_version:
        raise SecretChangedError(found=secret.version, expected=expected_version)
    if states is not None and secret.state not in states:
        raise SecretStateError(state=State(secret.state).label)
    return secret


def touch(secret: TradeSecret) -> None:
    """Count one more version and save every field of the row."""
    secret.version += 1
    secret.updated_at = clock().now()
    secret.save()
