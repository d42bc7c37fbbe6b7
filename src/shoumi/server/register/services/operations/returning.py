"""Confirming what was received, taking back what was lent, given out or repaired, and asking for more time.

Follows the seed guide 五(二)5: a loan ends with the return and a look at its condition; a disclosure with the
return or the destruction of what was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import clock
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Carrier, Operation, OperationAct, OperationExtension, OperationLine
from shoumi.server.register.operation_values import Back
from shoumi.server.register.queries.operations.obstacles import NothingChosenError, obstacles
from shoumi.server.register.services.deciding import request_stop
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.operations.deciding import request_for_extension
from shoumi.server.register.services.operations.executing import life_note, operation_settle
from shoumi.server.register.services.operations.frame import (
    act_record,
    lines_of,
    obstruct,
    operating,
    record_of,
    records_of_secrets,
)

Kind, State, LineState, ActKind = Operation.Kind, Operation.State, OperationLine.State, OperationAct.Kind
ABROAD = ("register.agreement", "partners.")  # what hinders that something stays outside longer


class ConditionMissingError(InputError):
    """Something was taken back without saying in which condition."""

    code = "register.condition_missing"
    message = "Say in which condition each thing came back."


class ExtensionDayError(InputError):
    """The new day is not later than the present one."""

    code = "register.extension_day"
    message = "Choose a day after the present one and say why more time is needed."


def receipt_confirm(*, actor: User, operation_id: UUID, password: str) -> Operation:
    """Confirm, signed with the receiver's password, that everything handed over so far was received.

    Raises:
        NothingChosenError: there is nothing that is not confirmed yet.
        and whatever `operating` raises.
    """
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_CONFIRM,
        states=(State.UNDER_WAY, State.DONE),
        password=password,
    ) as work:
        operation = work.operation
        lines = unconfirmed(operation)
        receiver = operation.receiver.user_id if operation.receiver else None
        if not lines or receiver != actor.pk:
            raise NothingChosenError
        act_record(operation, actor=actor, kind=ActKind.RECEIVED, lines=lines)
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_CONFIRMED))
        work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_CONFIRMED, lines)
    return operation


def unconfirmed(operation: Operation) -> list[OperationLine]:
    """Return the lines that were handed to the receiver, who has not confirmed them."""
    if operation.receiver_id is None:
        return []
    rows = operation.lines.select_related("secret", "file").filter(done_at__isnull=False)
    return list(rows.exclude(acts__kind=ActKind.RECEIVED).order_by("pk"))


def operation_give_back(  # noqa: PLR0913 - the parts of a signed step, each named
    *,
    actor: User,
    operation_id: UUID,
    expected_version: int,
    lines: Sequence[Back],
    password: str,
    note: str = "",
) -> Operation:
    """Take back some or all of what is out, each with its condition; the last one closes the operation.

    What a third party destroyed itself is recorded as destroyed, with its certificate in the condition.

    Raises:
        NothingChosenError: a line that is not out.
        ConditionMissingError: a line without its condition.
        and whatever `operating` raises.
    """
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_EXECUTE,
        states=(State.UNDER_WAY,),
        expected_version=expected_version,
        password=password,
    ) as work:
        operation = work.operation
        out = {line.pk: line for line in lines_of(operation, LineState.OUT)}
        wanted = {back.line: back for back in lines}
        if not wanted or not wanted.keys() <= out.keys():
            raise NothingChosenError
        if any(not back.condition.strip() for back in wanted.values()):
            raise ConditionMissingError
        for key, back in sorted(wanted.items()):
            _take_back(operation, out[key], back, actor)
        taken = [out[key] for key in sorted(wanted)]
        act_record(operation, actor=actor, kind=ActKind.GIVEN_BACK, lines=taken, note=note)
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_GIVEN_BACK))
        work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_GIVEN_BACK, taken)
        operation_settle(work, actor)
        if operation.state == State.DONE:
            _extension_stop(operation)
    return operation


def extension_ask(*, actor: User, operation_id: UUID, until: date | None, reason: str) -> OperationExtension:
    """Ask to keep something longer; it is approved by the same steps as the operation itself.

    Raises:
        ExtensionDayError: no later day, or no reason.
        OperationObstructedError, or the one leaf: the agreement does not hold that long.
    """
    with operating(
        actor=actor, operation_id=operation_id, action=Action.OPERATION_EXTEND, states=(State.UNDER_WAY,)
    ) as work:
        operation = work.operation
        earliest = max(operation.due_on or date.min, today_of(operation.department.entity))
        if until is None or until <= earliest or not reason.strip():
            raise ExtensionDayError
        present, operation.due_on = operation.due_on, until
        lines = lines_of(operation, LineState.OUT)
        obstruct([item for item in obstacles(operation, lines) if type(item).code.startswith(ABROAD)])
        operation.due_on = present
        _extension_stop(operation)
        extension = OperationExtension(
            operation=operation, until=until, reason=reason.strip(), asked_by=actor, asked_at=clock().now()
        )
        extension.request_id = request_for_extension(extension).pk
        extension.save()
        detail = {"until": until.isoformat()}
        work.records.append(record_of(operation, actor, RegisterTag.EXTENSION_ASKED, detail))
    return extension


def _extension_stop(operation: Operation) -> None:
    """Let an open wish for more time fall away."""
    open_one = operation.extensions.filter(state=OperationExtension.State.OPEN).first()
    if open_one is not None:
        request_stop(open_one.request_id, actor=None)
        open_one.state = OperationExtension.State.LAPSED
        open_one.save(update_fields=["state"])


def _take_back(operation: Operation, line: OperationLine, back: Back, actor: User) -> None:
    line.state, line.back_at, line.condition = LineState.DONE, clock().now(), back.condition.strip()[:300]
    line.save(update_fields=["state", "back_at", "condition"])
    destroyed = back.destroyed and operation.kind == Kind.DISCLOSE
    if line.carrier_id:
        carrier = Carrier.objects.select_for_update(no_key=True).get(pk=line.carrier_id)
        carrier.status = Carrier.Status.DESTROYED if destroyed else Carrier.Status.HELD
        carrier.version += 1
        carrier.save()
    life_event_record(
        secret=line.secret,
        kind="destroyed" if destroyed and line.carrier_id else "circulated",
        actor=actor,
        carrier=line.carrier,
        note=life_note(operation),
    )
