"""The end of a destruction: two witnesses confirm, then the carriers are gone and the files' keys with them.

Follows the seed guide 五(二)7.  Each witness signs in their own session with their own password; until
enough of them have, nothing counts as destroyed and no key is touched.
"""

from __future__ import annotations

from uuid import UUID

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState
from shoumi.server.files.services import file_shred
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import Record, clock
from shoumi.server.register.models import (
    Carrier,
    LifeEvent,
    Operation,
    OperationAct,
    OperationLine,
    TradeSecret,
)
from shoumi.server.register.queries.operations.obstacles import NothingChosenError, unaccounted
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.changes import change_lapse
from shoumi.server.register.services.editing import secret_locked
from shoumi.server.register.services.ending import secret_destroy
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.notices import tell_owner_and_office
from shoumi.server.register.services.operations.executing import life_note, operation_settle
from shoumi.server.register.services.operations.frame import (
    Work,
    act_record,
    lines_of,
    operating,
    record_of,
    records_of_secrets,
)

State, LineState = Operation.State, OperationLine.State


def destruction_witness(*, actor: User, operation_id: UUID, password: str, note: str = "") -> Operation:
    """Confirm as a named witness what was destroyed; enough witnesses end the destruction.

    Then carriers are destroyed, files shredded by destroying their keys, and where the request asks for it
    and nothing is left that bears the secret, the secret itself ends.

    Raises:
        NothingChosenError: the actor is no named witness, or has confirmed already.
        and whatever `operating` raises.
    """
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_CONFIRM,
        states=(State.UNDER_WAY,),
        password=password,
    ) as work:
        operation = work.operation
        witness = operation.witnesses.filter(user=actor, confirmed_at=None).first()
        lines = lines_of(operation, LineState.UNWITNESSED)
        if witness is None or not lines:
            raise NothingChosenError
        witness.confirmed_at = clock().now()
        witness.save(update_fields=["confirmed_at"])
        act_record(operation, actor=actor, kind=OperationAct.Kind.WITNESSED, lines=lines, note=note)
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_CONFIRMED))
        work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_CONFIRMED, lines)
        needed = pack_for(lines[0].secret.pack).operations.witnesses
        confirmed = operation.witnesses.filter(confirmed_at__isnull=False).count()
        waiting = operation.lines.filter(state=LineState.WAITING).exists()
        if confirmed >= needed and not waiting:
            _destroy(work, lines, actor)
            operation_settle(work, actor)
    return operation


def _destroy(work: Work, lines: list[OperationLine], actor: User) -> None:
    operation = work.operation
    secrets: dict[object, TradeSecret] = {}
    for line in lines:
        secret = secrets.setdefault(line.secret_id, secret_locked(line.secret_id))
        _line_destroy(operation, line, secret, actor)
    work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_CLOSED, lines)
    if not operation.ends_secret:
        return
    for secret in secrets.values():
        if unaccounted(secret) == (set(), set()):
            work.records.append(_secret_end(operation, secret, actor))


def _line_destroy(operation: Operation, line: OperationLine, secret: TradeSecret, actor: User) -> None:
    if line.carrier_id:
        carrier = Carrier.objects.select_for_update(no_key=True).get(pk=line.carrier_id)
        carrier.status = Carrier.Status.DESTROYED
        carrier.version += 1
        carrier.save()
        secret.marking_tasks.filter(carrier=carrier, done_at=None).delete()
    elif line.file and line.file.file.state == FileState.READY:
        file_shred(actor=actor, stored=line.file.file, reason=operation.number or "")
        secret.marking_tasks.filter(file=line.file, done_at=None).delete()
    line.state = LineState.DONE
    line.save(update_fields=["state"])
    life_event_record(
        secret=secret,
        kind=LifeEvent.Kind.DESTROYED,
        actor=actor,
        carrier=line.carrier,
        note=life_note(operation),
    )


def _secret_end(operation: Operation, secret: TradeSecret, actor: User) -> Record:
    if secret.state == TradeSecret.State.CHANGING:
        change_lapse(secret)
    version = secret_destroy(secret, reason=operation.number or "")
    life_event_record(secret=secret, kind=LifeEvent.Kind.DESTROYED, actor=actor, note=life_note(operation))
    tell_owner_and_office(secret, "destroyed")
    return Record(
        RegisterTag.SECRET_DESTROYED,
        actor.ledger_actor,
        secret.ledger_subject,
        {
            "operation": str(operation.pk),
            "record_sha256": version.sha256,
            "record": version.snapshot,
            "witnesses": [str(row.user_id) for row in operation.witnesses.filter(confirmed_at__isnull=False)],
        },
    )
