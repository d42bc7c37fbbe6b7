"""The frame of every write about an operation: permission, signature, lock, version, transaction, ledger.

Whoever is hindered by something else than the rules (no mark, no agreement) leaves a ledger entry as well:
the seed guide 五(二)5 wants nothing done before approval, and the attempt must be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ConflictError, ShoumiError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.signatures import signature_verify
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import Record, append_many, clock
from shoumi.server.ledger.tags import Tag
from shoumi.server.register.models import Operation, OperationAct, OperationLine, TradeSecret
from shoumi.server.register.queries.operations.lists import OperationUnknownError
from shoumi.server.register.queries.operations.obstacles import said
from shoumi.server.register.queries.operations.resources import operation_resource

State = Operation.State


class OperationChangedError(ConflictError):
    """Somebody saved the operation in the meantime."""

    code = "register.operation_changed"
    message = (
        "Somebody else changed this operation in the meantime (it is at version {found}, "
        "you worked on {expected}). Look at it again and repeat what you did."
    )


class OperationStateError(ConflictError):
    """The operation is not in a state in which this can be done."""

    code = "register.operation_state"
    message = "This cannot be done now: the operation stands at “{state}”."


class OperationObstructedError(ConflictError):
    """Several things hinder it; all are named."""

    code = "register.operation_obstructed"
    message = "This cannot be done now: {obstacles}"


@dataclass(slots=True)
class Work:
    """A write in progress: the locked operation, and what the ledger will say."""

    operation: Operation
    records: list[Record] = field(default_factory=list)


@contextmanager
def operating(  # noqa: PLR0913 - the frame of every write, each part named
    *,
    actor: User,
    operation_id: UUID,
    action: Action,
    states: Sequence[str],
    expected_version: int | None = None,
    password: str | None = None,
) -> Iterator[Work]:
    """Yield the locked operation inside one transaction; on leaving, save it and write the ledger.

    `password` is given where the step is signed.

    Raises:
        OperationUnknownError: there is no such operation.
        NotPermittedError: the gate refuses.
        SignatureError, SignatureLockedError: the password is not the actor's, or was not looked at.
        OperationChangedError: `expected_version` is given and is not the present one.
        OperationStateError: it stands at none of `states`.
    """
    found = Operation.objects.select_related("department__entity", "receiver").filter(pk=operation_id).first()
    if found is None:
        raise OperationUnknownError
    gate.require(actor, action, operation_resource(found))
    if password is not None:
        signature_verify(actor=actor, password=password)
    try:
        with transaction.atomic():
            work = Work(operation_locked(operation_id, expected_version=expected_version, states=states))
            yield work
            touch(work.operation)
            append_many(work.records)
    except OperationObstructedError as error:
        _record(error, actor, found)
        listed = error.obstacles
        raise listed[0] if len(listed) == 1 else error from None


def operation_locked(
    operation_id: UUID, *, states: Sequence[str] | None = None, expected_version: int | None = None
) -> Operation:
    """Return the operation locked until the transaction ends, after checking its version and state."""
    operation = Operation.objects.select_for_update(no_key=True).filter(pk=operation_id).first()
    if operation is None:
        raise OperationUnknownError
    if expected_version is not None and operation.version != expected_version:
        raise OperationChangedError(found=operation.version, expected=expected_version)
    if states is not None and operation.state not in states:
        raise OperationStateError(state=str(State(operation.state).label))
    return operation


def touch(operation: Operation) -> None:
    """Count one more version and save every field of the row."""
    operation.version += 1
    operation.save()


def obstruct(obstacles: Sequence[ShoumiError]) -> None:
    """Return if nothing hinders; otherwise raise all of it at once, to be written to the ledger.

    Raises:
        OperationObstructedError: something does.
    """
    if obstacles:
        error = OperationObstructedError(obstacles=" ".join(dict.fromkeys(said(item) for item in obstacles)))
        error.obstacles = list(obstacles)
        raise error


def record_of(
    operation: Operation, actor: User | None, tag: Tag, detail: Mapping[str, JSONValue] | None = None
) -> Record:
    """Return the entry about an operation; `actor` None is the clock."""
    name = actor.ledger_actor if actor else "system:register"
    return Record(
        tag,
        name,
        operation.ledger_subject,
        {"operation": str(operation.pk), "kind": operation.kind, **(detail or {})},
    )


def records_of_secrets(
    operation: Operation, actor: User | None, tag: Tag, lines: Sequence[OperationLine]
) -> list[Record]:
    """Return one entry for each secret that `lines` are about, so that its evidence shows the step."""
    name = actor.ledger_actor if actor else "system:register"
    secrets: dict[object, TradeSecret] = {line.secret_id: line.secret for line in lines}
    return [
        Record(
            tag,
            name,
            secret.ledger_subject,
            {
                "operation": str(operation.pk),
                "kind": operation.kind,
                "things": [thing_of(line) for line in lines if line.secret_id == secret.pk],
            },
        )
        for secret in secrets.values()
    ]


def thing_of(line: OperationLine) -> str:
    """Return the opaque name of what a line is about."""
    if line.carrier_id:
        return f"carrier:{line.carrier_id}"
    return f"file:{line.file.file_id}" if line.file else f"secret:{line.secret_id}"


def act_record(  # noqa: PLR0913 - the parts of a signed step
    operation: Operation,
    *,
    actor: User,
    kind: str,
    lines: Sequence[OperationLine],
    note: str = "",
    recording: str = "",
) -> OperationAct:
    """Write one signed step; part of the caller's transaction."""
    act = OperationAct.objects.create(
        operation=operation,
        kind=kind,
        actor=actor,
        at=clock().now(),
        note=note.strip()[:300],
        recording=recording.strip()[:300],
    )
    act.lines.set(lines)
    return act


def lines_of(operation: Operation, *states: str) -> list[OperationLine]:
    """Return the lines of an operation in these states, locked, with all that services read of them."""
    rows = operation.lines.select_related(
        "secret__entity", "secret__owner_department", "secret__custodian", "carrier", "file__file"
    )
    return list(rows.filter(state__in=states).select_for_update(of=("self",), no_key=True).order_by("pk"))


def _record(error: OperationObstructedError, actor: User, operation: Operation) -> None:
    """Write the attempt to the ledger, in a transaction of its own: nothing else of it stays."""
    with transaction.atomic():
        codes = sorted({type(item).code for item in error.obstacles})
        append_many([record_of(operation, actor, RegisterTag.OPERATION_OBSTRUCTED, {"codes": codes})])
