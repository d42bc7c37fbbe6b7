"""Asking for an operation: draft, answers, submission, withdrawal, and asking for the same again.

Follows the seed guide 五(二)5.  The gate is asked about every secret; what else hinders is listed whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import OPERATION, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append_many, clock
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.register.models import (
    Carrier,
    Operation,
    OperationLine,
    OperationSeries,
    SecretFile,
    TradeSecret,
)
from shoumi.server.register.operation_values import Thing, Wish
from shoumi.server.register.queries.operations.agreements import agreement_for
from shoumi.server.register.queries.operations.lists import operation_get, third_parties_visible_to
from shoumi.server.register.queries.operations.obstacles import (
    HANDED,
    NothingChosenError,
    missing_answers,
    obstacles,
)
from shoumi.server.register.queries.operations.resources import action_of
from shoumi.server.register.queries.resources import level_rank, secret_resource
from shoumi.server.register.services.deciding import request_stop
from shoumi.server.register.services.editing import SecretUnknownError
from shoumi.server.register.services.operations.deciding import request_for_operation
from shoumi.server.register.services.operations.frame import (
    lines_of,
    obstruct,
    operating,
    record_of,
    records_of_secrets,
)

Kind, State, LineState = Operation.Kind, Operation.State, OperationLine.State
OPEN_TO_EDITS = (State.DRAFT, State.RETURNED)
MOST_LINES = 500


class OneDepartmentError(InputError):
    """The things belong to several owner departments, which would have to approve separately."""

    code = "register.operation_departments"
    message = "These secrets belong to several owner departments. Ask for each department on its own."


class AnswerUnknownError(InputError):
    """An answer names a person, zone or third party that cannot be chosen here."""

    code = "register.operation_answer_unknown"
    message = "The {what} cannot be chosen here."


def operation_draft(
    *, actor: User, kind: str, things: Sequence[Thing], wish: Wish | None = None, let_in: bool = False
) -> Operation:
    """Begin a request about carriers, files or secrets of one department.

    `let_in` asks to be let in from outside the knowledge scope: only for consulting, only for oneself.

    Raises:
        NothingChosenError: no thing, more than there may be, or one that does not exist.
        OneDepartmentError: the secrets belong to several owner departments.
        NotPermittedError: the gate refuses the operation on one of the secrets.
    """
    kind = Kind(Kind.CONSULT if let_in else kind)
    secrets = _secrets(actor, kind, things, let_in=let_in)
    wish = wish or Wish()
    person = Person.objects.filter(user=actor).first()
    with transaction.atomic():
        operation = Operation.objects.create(
            kind=kind,
            department=secrets[0].owner_department,
            level=_highest(secrets).level,
            requester=actor,
            let_in=let_in,
            receiver=person if kind in HANDED else None,
            created_at=clock().now(),
        )
        _lines_write(operation, things)
        _answers_write(operation, actor, wish)
        operation.save()
        append_many([record_of(operation, actor, RegisterTag.OPERATION_DRAFTED)])
    return operation


def operation_save(
    *,
    actor: User,
    operation_id: UUID,
    expected_version: int,
    wish: Wish,
    things: Sequence[Thing] | None = None,
) -> Operation:
    """Write the answers of a draft, and with `things` what it is about."""
    if things is not None:
        held = operation_get(actor, operation_id)
        _secrets(actor, held.kind, things, let_in=held.let_in)
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_EDIT,
        states=OPEN_TO_EDITS,
        expected_version=expected_version,
    ) as work:
        operation = work.operation
        if things is not None:
            operation.lines.all().delete()
            _lines_write(operation, things)
        _answers_write(operation, actor, wish)
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_SAVED))
    return operation


def operation_submit(*, actor: User, operation_id: UUID, expected_version: int) -> Operation:
    """Put a draft to approval, by the steps of its kind and of the highest level among its secrets.

    Raises:
        OperationObstructedError, or the one leaf that hinders: no answer, no mark, no agreement, no zone, …
    """
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_EDIT,
        states=OPEN_TO_EDITS,
        expected_version=expected_version,
    ) as work:
        operation = work.operation
        operation.lines.exclude(state=LineState.WAITING).update(state=LineState.WAITING, reason="")
        lines = lines_of(operation, LineState.WAITING)
        secrets = [line.secret for line in lines]
        if secrets:
            operation.level = _highest(secrets).level
        obstruct([*missing_answers(operation), *obstacles(operation, lines)])
        for secret in {secret.pk: secret for secret in secrets}.values():
            gate.require(actor, action_of(operation.kind, let_in=operation.let_in), secret_resource(secret))
        today = today_of(operation.department.entity)
        if operation.third_party is not None:
            operation.agreement = agreement_for(
                operation.third_party,
                rank=max(level_rank(secret) for secret in secrets),
                today=today,
                until=operation.due_on or today,
            )
        operation.state = advance(OPERATION, operation.state, "submit")
        operation.submitted_at, operation.outcome_reason = clock().now(), ""
        operation.number = operation.number or _number(operation.department.entity, today.year)
        operation.request_id = request_for_operation(operation, lines).pk
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_SUBMITTED))
        work.records += records_of_secrets(operation, actor, RegisterTag.OPERATION_SUBMITTED, lines)
    return operation


def operation_withdraw(*, actor: User, operation_id: UUID, reason: str = "") -> Operation:
    """Take a request back before it is carried out."""
    with operating(
        actor=actor,
        operation_id=operation_id,
        action=Action.OPERATION_WITHDRAW,
        states=(*OPEN_TO_EDITS, State.AWAITING_APPROVAL, State.APPROVED),
    ) as work:
        operation = work.operation
        request_stop(operation.request_id, actor=actor, reason=reason)
        operation_end(operation, "withdraw", reason)
        work.records.append(record_of(operation, actor, RegisterTag.OPERATION_WITHDRAWN, {"reason": reason}))
    return operation


def operation_again(*, actor: User, operation_id: UUID) -> Operation:
    """Begin a new draft with the things and answers of an earlier request of one's own; days are not kept."""
    earlier = operation_get(actor, operation_id)
    gone = (Carrier.Status.DESTROYED, Carrier.Status.SCRAPPED)
    things = [
        Thing(line.secret_id, line.carrier_id, line.file_id)
        for line in earlier.lines.select_related("carrier")
        if line.carrier is None or line.carrier.status not in gone
    ]
    wish = Wish(
        purpose=earlier.purpose,
        receiver=earlier.receiver_id,
        method=earlier.method,
        copies=earlier.copies,
        to_zone=earlier.to_zone_id,
        third_party=earlier.third_party_id,
        what=earlier.what,
        where=earlier.where,
        ends_secret=earlier.ends_secret,
    )
    return operation_draft(actor=actor, kind=earlier.kind, things=things, wish=wish, let_in=earlier.let_in)


def operation_end(operation: Operation, transition: str, reason: str) -> None:
    """Move a locked operation to an end without carrying it out."""
    operation.state = advance(OPERATION, operation.state, transition)
    operation.closed_at, operation.outcome_reason = clock().now(), reason.strip()


def _secrets(actor: User, kind: str, things: Sequence[Thing], *, let_in: bool) -> list[TradeSecret]:
    """Return the secrets of `things`, after asking the gate about each."""
    if not 1 <= len(things) <= MOST_LINES:
        raise NothingChosenError
    wanted = {thing.secret for thing in things}
    secrets = list(TradeSecret.objects.filter(pk__in=wanted).select_related("entity", "owner_department"))
    if len(secrets) != len(wanted):
        raise SecretUnknownError
    for secret in secrets:
        gate.require(actor, action_of(kind, let_in=let_in), secret_resource(secret))
    if len({secret.owner_department_id for secret in secrets}) > 1:
        raise OneDepartmentError
    return secrets


def _highest(secrets: Sequence[TradeSecret]) -> TradeSecret:
    return max(secrets, key=level_rank)


def _lines_write(operation: Operation, things: Sequence[Thing]) -> None:
    """Write the lines; a carrier or file that is not the secret's own is none."""
    wanted = dict.fromkeys(things)
    carriers = dict(
        Carrier.objects.filter(pk__in=[item.carrier for item in wanted]).values_list("pk", "secret_id")
    )
    files = dict(
        SecretFile.objects.filter(pk__in=[item.file for item in wanted]).values_list("pk", "secret_id")
    )
    for item in wanted:
        foreign = item.carrier and carriers.get(item.carrier) != item.secret
        if foreign or (item.file and (item.carrier or files.get(item.file) != item.secret)):
            raise NothingChosenError
    OperationLine.objects.bulk_create(
        OperationLine(operation=operation, secret_id=item.secret, carrier_id=item.carrier, file_id=item.file)
        for item in wanted
    )


def _answers_write(operation: Operation, actor: User, wish: Wish) -> None:
    entity = operation.department.entity_id
    operation.purpose = wish.purpose.strip()
    if not operation.let_in:
        operation.receiver = _one(Person.objects.filter(entity=entity), wish.receiver, "person") or (
            operation.receiver if wish.receiver is None and operation.kind in HANDED else None
        )
    operation.to_zone = _one(Zone.objects.filter(entity=entity, closed_on=None), wish.to_zone, "zone")
    parties = third_parties_visible_to(actor).filter(department__entity=entity)
    operation.third_party = _one(parties, wish.third_party, "third party")
    operation.due_on, operation.method, operation.copies = wish.due_on, wish.method, wish.copies
    operation.what, operation.where = wish.what.strip()[:300], wish.where.strip()[:300]
    operation.ends_secret = wish.ends_secret and operation.kind == Kind.DESTROY


def _one(rows, key: UUID | None, what: str):  # noqa: ANN001, ANN202 - a query set, and one row of it
    if key is None:
        return None
    row = rows.filter(pk=key).first()
    if row is None:
        raise AnswerUnknownError(what=what)
    return row


def _number(entity: LegalEntity, year: int) -> str:
    """Return the next number of an entity and year, such as `SM-OP-2026-0001`; part of the transaction."""
    OperationSeries.objects.get_or_create(entity=entity, year=year)
    series = OperationSeries.objects.select_for_update(no_key=True).get(entity=entity, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{entity.code}-OP-{year}-{series.last:04d}"
