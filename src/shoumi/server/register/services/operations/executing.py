"""Carrying an approved operation out: signed by whoever hands over, moves, copies, publishes or destroys.

Follows the seed guide 五(二)5 to 7, 五(三), 五(四).  The signature is the executor's password, entered again:
accountable, and bound to the sign-in.  A destruction is only prepared here; `witnessing` ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import OPERATION, advance
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Person
from shoumi.server.people.queries.addressing import by_name
from shoumi.server.register.models import (
    Carrier,
    LifeEvent,
    Operation,
    OperationAct,
    OperationFiling,
    OperationLine,
    OperationWitness,
)
from shoumi.server.register.operation_values import Done, Execution
from shoumi.server.register.queries.operations.methods import methods_of
from shoumi.server.register.queries.operations.obstacles import NothingChosenError, obstacles
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.editing import secret_locked
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.operations import notices
from shoumi.server.register.services.operations.copying import copies_make
from shoumi.server.register.services.operations.filing import operation_file
from shoumi.server.register.services.operations.frame import (
    Work,
    act_record,
    lines_of,
    obstruct,
    operating,
    record_of,
    records_of_secrets,
)

Kind, State, LineState, Status = Operation.Kind, Operation.State, OperationLine.State, Carrier.Status
Life = LifeEvent.Kind
AWAY = {Kind.BORROW: Status.LENT, Kind.DISCLOSE: Status.OUTSIDE, Kind.REPAIR: Status.REPAIR}
EVENTS = {
    Kind.CONSULT: Life.CIRCULATED,
    Kind.BORROW: Life.CIRCULATED,
    Kind.COPY: Life.COPIED,
    Kind.TRANSFER: Life.CIRCULATED,
    Kind.DISCLOSE: Life.RELEASED,
    Kind.RELEASE: Life.RELEASED,
    Kind.SCRAP: Life.DESTROYED,
    Kind.REPAIR: Life.CIRCULATED,
}
OPEN_LINES = (LineState.WAITING, LineState.OUT, LineState.UNWITNESSED)


class MethodError(InputError):
    """The method does not fit the thing, or what it must record is missing."""

    code = "register.operation_method"
    message = "“{thing}”: choose a method that fits it, and record the tool and the verification it needs."


class RecordingMissingError(InputError):
    """A destruction without a recording."""

    code = "register.recording_missing"
    message = "Say where the recording of the destruction is kept, or which camera covers the place."


class WitnessesError(InputError):
    """Too few witnesses, or such as cannot be."""

    code = "register.witnesses"
    message = (
        "Name at least {needed} different witnesses who work here; "
        "neither who asked for the destruction nor who carries it out."
    )


class ConditionsOpenError(InputError):
    """Published although it is not said that the conditions are met."""

    code = "register.conditions_open"
    message = "Say how the conditions of the approval are met."


def operation_execute(
    *, actor: User, operation_id: UUID, expected_version: int, execution: Execution
) -> Operation:
    """Carry out some or all of the lines that wait, signed with the actor's password.

    Before approval, and for whoever would receive something, the gate refuses and the ledger keeps the
    attempt; whatever hinders otherwise is named and kept as well.

    Raises:
        NotPermittedError, SignatureError, OperationChangedError, OperationStateError: see `operating`.
        MethodError, RecordingMissingError, WitnessesError, ConditionsOpenError: records are missing.
        OperationObstructedError, or the one leaf that hinders.
    """
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_EXECUTE,
        states=(State.APPROVED, State.UNDER_WAY),
        expected_version=expected_version,
        password=execution.password,
    ) as work:
        operation = work.operation
        chosen = _chosen(operation, execution.lines)
        obstruct(obstacles(operation, [line for line, _done in chosen]))
        _verify_records(operation, actor, chosen, execution)
        if operation.state == State.APPROVED:
            operation.state, operation.begun_at = advance(OPERATION, operation.state, "begin"), clock().now()
        for line, done in chosen:
            _carry_out(operation, line, done, actor)
        lines = [line for line, _done in chosen]
        act_record(
            operation,
            actor=actor,
            kind=OperationAct.Kind.CARRIED_OUT,
            lines=lines,
            note=execution.note,
            recording=execution.recording,
        )
        if operation.kind == Kind.DESTROY:
            _witnesses_name(operation, execution.witnesses)
        elif operation.receiver is not None:
            notices.tell_receiver(operation)
        operation_file(operation, OperationFiling.Occasion.BEGUN)
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_CARRIED_OUT))
        work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_CARRIED_OUT, lines)
        operation_settle(work, actor)
    return operation


def operation_drop(*, actor: User, operation_id: UUID, expected_version: int, reason: str) -> Operation:
    """Give up every line that was approved and is not carried out yet, with a reason."""
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_EXECUTE,
        states=(State.UNDER_WAY,),
        expected_version=expected_version,
    ) as work:
        operation = work.operation
        lines = lines_of(operation, LineState.WAITING)
        if not lines:
            raise NothingChosenError
        for line in lines:
            line.state, line.reason = LineState.DROPPED, reason.strip()[:300]
            line.save(update_fields=["state", "reason"])
        work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_LINE_DROPPED, lines)
        operation_settle(work, actor)
    return operation


def operation_settle(work: Work, actor: User | None) -> None:
    """Close a locked operation under way of which no line is open any more, and file it on both sides."""
    operation = work.operation
    if operation.lines.filter(state__in=OPEN_LINES).exists():
        return
    operation.state, operation.closed_at = advance(OPERATION, operation.state, "finish"), clock().now()
    operation_file(operation, OperationFiling.Occasion.CLOSED)
    work.records.append(record_of(operation, actor, RegisterTag.OPERATION_CLOSED))


def life_note(operation: Operation) -> str:
    """Return what a life event says about the operation behind it: its number, never its content."""
    return operation.number or ""


def _chosen(operation: Operation, wanted: Sequence[Done]) -> list[tuple[OperationLine, Done]]:
    """Return the lines that are to be carried out, their carriers and secrets locked in a fixed order."""
    waiting = {line.pk: line for line in lines_of(operation, LineState.WAITING)}
    known = {done.line: done for done in wanted}
    if not known or not known.keys() <= waiting.keys():
        raise NothingChosenError
    chosen = [(waiting[key], known[key]) for key in sorted(known)]
    for key in sorted({line.secret_id for line, _done in chosen}, key=str):
        secret_locked(key)
    carriers = [line.carrier_id for line, _done in chosen if line.carrier_id]
    locked = {
        row.pk: row
        for row in Carrier.objects.select_for_update(no_key=True).filter(pk__in=carriers).order_by("pk")
    }
    for line, _done in chosen:
        if line.carrier_id:
            line.carrier = locked[line.carrier_id]
    return chosen


def _verify_records(
    operation: Operation, actor: User, chosen: Sequence[tuple[OperationLine, Done]], execution: Execution
) -> None:
    for line, done in chosen:
        methods = {method.id: method for method in methods_of(operation, line)}
        if not methods and operation.kind not in {Kind.DESTROY, Kind.SCRAP, Kind.REPAIR}:
            continue
        method = methods.get(done.method)
        records = {"tool": done.tool, "verification": done.verification}
        if method is None or any(not records[need].strip() for need in method.needs):
            raise MethodError(thing=str(line))
    if operation.kind == Kind.RELEASE and operation.conditions and not execution.note.strip():
        raise ConditionsOpenError
    if operation.kind != Kind.DESTROY:
        return
    rules = pack_for(chosen[0][0].secret.pack).operations
    if rules.recording and not execution.recording.strip():
        raise RecordingMissingError
    named = set(execution.witnesses) | set(operation.witnesses.values_list("user_id", flat=True))
    fit = witnesses_possible(operation, actor)
    if len(named) < rules.witnesses or not named <= {user.pk for user in fit}:
        raise WitnessesError(needed=rules.witnesses)


def witnesses_possible(operation: Operation, executor: User) -> list[User]:
    """Return who may witness: accounts of persons of the entity, neither requester nor executor.

    Whom labour law lets nobody here give a task by name is not among them.
    """
    entity = operation.department.entity
    persons = by_name(Person.objects.filter(entity=entity, user__is_active=True), entity)
    users = User.objects.filter(person__in=persons).exclude(pk__in=[executor.pk, operation.requester_id])
    return list(users.order_by("display_name", "pk"))


def _witnesses_name(operation: Operation, users: Sequence[UUID]) -> None:
    for user in dict.fromkeys(users):
        OperationWitness.objects.get_or_create(operation=operation, user_id=user)
    notices.tell_witnesses(operation)


def _carry_out(operation: Operation, line: OperationLine, done: Done, actor: User) -> None:
    """Do to one line what its kind of operation says, and remember it."""
    now = clock().now()
    line.method, line.tool = done.method, done.tool.strip()[:120]
    line.verification, line.condition = done.verification.strip()[:300], done.condition.strip()[:300]
    line.done_at = now
    kind, carrier = operation.kind, line.carrier
    line.state = LineState.OUT if kind in AWAY else LineState.DONE
    if kind == Kind.DESTROY:
        line.state = LineState.UNWITNESSED
    elif kind == Kind.COPY:
        line.copies.set(copies_make(operation, line))
    elif carrier is not None:
        _carrier_move(operation, line, carrier)
    line.save()
    if kind in EVENTS:
        life_event_record(
            secret=line.secret, kind=EVENTS[kind], actor=actor, carrier=carrier, note=life_note(operation)
        )


def _carrier_move(operation: Operation, line: OperationLine, carrier: Carrier) -> None:
    if operation.kind == Kind.TRANSFER:
        line.from_zone, carrier.zone = carrier.zone, operation.to_zone
    elif operation.kind == Kind.SCRAP:
        carrier.status = Status.SCRAPPED
    elif operation.kind in AWAY:
        carrier.status = AWAY[operation.kind]
    else:
        return
    carrier.version += 1
    carrier.save()
