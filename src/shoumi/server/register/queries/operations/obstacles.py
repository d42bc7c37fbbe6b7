"""What stands between an operation and its submission or execution, all of it at once.

Follows the seed guide 五(一)4 (nothing unmarked circulates), 五(二)4 to 6 and 四(四) (knowledge scope).
Reads only; the services refuse while an obstacle is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import pgettext

from shoumi.engine.errors import ConflictError, InputError, ShoumiError
from shoumi.server.accounts import gate
from shoumi.server.files.models import FileState
from shoumi.server.people.models import Person
from shoumi.server.people.queries import today_of
from shoumi.server.places.queries.zones import verify_secret_zone
from shoumi.server.register.models import (
    Carrier,
    Handover,
    MarkingTask,
    Operation,
    OperationLine,
    SecretFile,
    TradeSecret,
)
from shoumi.server.register.queries.choosing import clearances
from shoumi.server.register.queries.marks import CarrierUnmarkedError, marked
from shoumi.server.register.queries.operations.agreements import agreement_for
from shoumi.server.register.queries.operations.outside import Going, conditions_of
from shoumi.server.register.queries.operations.resources import action_of
from shoumi.server.register.queries.resources import level_rank, secret_resource
from shoumi.server.register.queries.scope import knowers_of
from shoumi.server.register.queries.standards import level_of, pack_for

Kind, LineState = Operation.Kind, OperationLine.State
CIRCULATING = (Kind.BORROW, Kind.COPY, Kind.TRANSFER, Kind.DISCLOSE, Kind.REPAIR)  # need a valid mark
HANDED = (Kind.CONSULT, Kind.BORROW)  # to a person, who must be known
COMING_BACK = (Kind.BORROW, Kind.DISCLOSE, Kind.REPAIR)  # due on a day
CARRIERS_ONLY = (Kind.BORROW, Kind.TRANSFER, Kind.SCRAP, Kind.REPAIR)
WAYS_TO_COPY = ("print", "photocopy", "scan", "excerpt", "network")
WAYS_TO_PUBLISH = ("paper", "talk", "exhibition", "website", "other")
LIVE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
MOST_COPIES = 99


class AnswerMissingError(InputError):
    """A question that this kind of operation needs was not answered, or not possibly so."""

    code = "register.operation_answer"
    message = "The request is not complete: {reason}."


class NothingChosenError(InputError):
    """The operation is about nothing."""

    code = "register.operation_nothing_chosen"
    message = "Choose at least one carrier, file or secret that this operation can be about."


class FileUnmarkedError(ConflictError):
    """A file bears no valid mark."""

    code = "register.file_unmarked"
    message = (
        "The file “{file}” bears no valid mark. Mark it and record the mark first; then it may circulate."
    )


class CarrierNotHereError(ConflictError):
    """The carrier is lent, outside, in repair or gone."""

    code = "register.carrier_not_here"
    message = "“{carrier}” is not in its place now: {status}."


class ContentGoneError(ConflictError):
    """The file was destroyed, or the secret has ended."""

    code = "register.content_gone"
    message = "“{thing}” is no longer there, or no longer a registered secret."


class LevelRisenError(ConflictError):
    """The secret is now at a higher level than the one that was approved."""

    code = "register.level_risen"
    message = (
        "The level of {secret} has risen since this was approved; ask again, so that it is approved anew."
    )


class ReceiverOutsideError(ConflictError):
    """The person to whom it would be handed is not to know it."""

    code = "register.receiver_outside"
    message = "{person} is outside the knowledge scope of {secret}, or not cleared for its level."


class NotAllCoveredError(ConflictError):
    """A secret ends as destroyed only with everything that bears it."""

    code = "register.not_all_covered"
    message = "{secret} ends only when every carrier and file of it is destroyed; some are missing here."


def said(error: ShoumiError) -> str:
    """Return an obstacle in the language in force."""
    fields = {
        name: pgettext("error part", value) if isinstance(value, str) and value.strip() else value
        for name, value in error.fields.items()
    }
    return pgettext(type(error).code, type(error).message).format(**fields)


def missing_answers(operation: Operation) -> list[ShoumiError]:
    """Return which questions are open or answered in an impossible way."""
    kind, today, due = operation.kind, today_of(operation.department.entity), operation.due_on
    copies_fit = 1 <= operation.copies <= MOST_COPIES
    checks = (
        (not operation.purpose.strip(), AnswerMissingError(reason="say why it is needed")),
        (
            kind in HANDED and operation.receiver is None,
            AnswerMissingError(reason="name the person to whom it is handed"),
        ),
        (
            kind in COMING_BACK and due is None,
            AnswerMissingError(reason="name the day by which it ends or comes back"),
        ),
        (due is not None and due < today, AnswerMissingError(reason="the day lies in the past")),
        (
            kind == Kind.COPY and operation.method not in WAYS_TO_COPY,
            AnswerMissingError(reason="choose how it is copied"),
        ),
        (kind == Kind.COPY and not copies_fit, AnswerMissingError(reason="make 1 to 99 copies of each")),
        (
            kind == Kind.TRANSFER and operation.to_zone is None,
            AnswerMissingError(reason="choose the zone to which it is moved"),
        ),
        (
            kind == Kind.DISCLOSE and operation.third_party is None,
            AnswerMissingError(reason="choose to whom it is disclosed"),
        ),
        (
            kind in {Kind.DISCLOSE, Kind.RELEASE} and not operation.what.strip(),
            AnswerMissingError(reason="describe what is given or published, without the secret itself"),
        ),
        (
            kind == Kind.RELEASE and operation.method not in WAYS_TO_PUBLISH,
            AnswerMissingError(reason="choose where it is to be published"),
        ),
        (
            kind == Kind.REPAIR and not operation.where.strip(),
            AnswerMissingError(reason="name who repairs it"),
        ),
    )
    return [error for failed, error in checks if failed]


def obstacles(operation: Operation, lines: Iterable[OperationLine]) -> list[ShoumiError]:
    """Return everything that hinders these lines now: marks, places, levels, persons, agreements."""
    lines = list(lines)
    found: list[ShoumiError] = [] if lines else [NothingChosenError()]
    for line in lines:
        found += _of_line(operation, line)
    secrets = {line.secret_id: line.secret for line in lines}.values()
    for secret in secrets:
        found += _of_secret(operation, secret)
    rank = max((level_rank(secret) for secret in secrets), default=0)
    found += _of_destination(operation, rank)
    found += _of_outsiders(operation, rank)
    return found


def rank_approved(operation: Operation, secret: TradeSecret) -> int:
    """Return the rank of the level for which an operation was approved."""
    level = level_of(pack_for(secret.pack), operation.level)
    return level.rank if level else 0


def _of_line(operation: Operation, line: OperationLine) -> Iterator[ShoumiError]:
    if line.secret.state not in LIVE:
        yield ContentGoneError(thing=line.secret.number or "")
    if operation.kind in CARRIERS_ONLY and line.carrier is None:
        yield NothingChosenError()
    if line.carrier is not None:
        yield from _of_carrier(operation, line, line.carrier)
    if line.file is not None:
        yield from _of_file(operation, line, line.file)


def _of_carrier(operation: Operation, line: OperationLine, carrier: Carrier) -> Iterator[ShoumiError]:
    elsewhere = ""
    if carrier.status != Carrier.Status.HELD:
        elsewhere = carrier.get_status_display()
    elif carrier.handovers.filter(state=Handover.State.OFFERED).exists():
        elsewhere = Handover.State.OFFERED.label
    elif _in_another(operation, line):
        elsewhere = LineState.UNWITNESSED.label
    if elsewhere:
        yield CarrierNotHereError(carrier=str(carrier), status=str(elsewhere).lower())
    if operation.kind in CIRCULATING and not Carrier.objects.filter(marked(), pk=carrier.pk).exists():
        yield CarrierUnmarkedError()


def _of_file(operation: Operation, line: OperationLine, file: SecretFile) -> Iterator[ShoumiError]:
    if file.file.state != FileState.READY:
        yield ContentGoneError(thing=line.secret.number or "")
    elif operation.kind in CIRCULATING and _file_unmarked(line):
        yield FileUnmarkedError(file=str(file.file))


def _in_another(operation: Operation, line: OperationLine) -> bool:
    """Tell whether the carrier waits to be witnessed as destroyed in another operation."""
    rows = OperationLine.objects.filter(carrier=line.carrier, state=LineState.UNWITNESSED)
    return rows.exclude(operation=operation).exists()


def _file_unmarked(line: OperationLine) -> bool:
    tasks = MarkingTask.objects.filter(file=line.file)
    return tasks.filter(done_at=None).exists() or not tasks.exists()


def _of_secret(operation: Operation, secret: TradeSecret) -> Iterator[ShoumiError]:
    if level_rank(secret) > rank_approved(operation, secret):
        yield LevelRisenError(secret=secret.number or "")
    receiver = operation.receiver
    if receiver is not None and not _may_receive(operation, receiver, secret):
        yield ReceiverOutsideError(person=str(receiver), secret=secret.number or "")
    if operation.ends_secret and not _covers(operation, secret):
        yield NotAllCoveredError(secret=secret.number or "")


def _may_receive(operation: Operation, receiver: Person, secret: TradeSecret) -> bool:
    """Tell whether a person may be handed a secret: by the rules if they have an account, else by scope."""
    if receiver.user is not None:
        action = action_of(Kind.CONSULT, let_in=operation.let_in)
        return gate.permits(receiver.user, action, secret_resource(secret))
    cleared = clearances([receiver.pk]).get(receiver.pk, 0) >= level_rank(secret)
    return cleared and any(knower.person.pk == receiver.pk for knower in knowers_of(secret))


def unaccounted(secret: TradeSecret) -> tuple[set[object], set[object]]:
    """Return ids of the carriers and files of a secret that still bear it; know-how in heads aside."""
    gone = (Carrier.Status.DESTROYED, Carrier.Status.SCRAPPED, Carrier.Status.RETURNED)
    carriers = secret.carriers.exclude(status__in=gone).exclude(kind=Carrier.Kind.PERSON)
    files = secret.files.exclude(file__state=FileState.SHREDDED)
    return set(carriers.values_list("pk", flat=True)), set(files.values_list("pk", flat=True))


def _covers(operation: Operation, secret: TradeSecret) -> bool:
    carriers, files = unaccounted(secret)
    settled = (LineState.REFUSED, LineState.DROPPED)
    lines = operation.lines.filter(secret=secret).exclude(state__in=settled)
    covered = set(lines.values_list("carrier_id", flat=True)), set(lines.values_list("file_id", flat=True))
    return carriers <= covered[0] and files <= covered[1]


def _of_destination(operation: Operation, rank: int) -> Iterator[ShoumiError]:
    try:
        if operation.kind == Kind.DISCLOSE and operation.third_party is not None:
            today: date = today_of(operation.department.entity)
            agreement_for(operation.third_party, rank=rank, today=today, until=operation.due_on or today)
        if operation.kind in {Kind.TRANSFER, Kind.COPY} and operation.to_zone is not None:
            verify_secret_zone(operation.to_zone, rank)
    except ConflictError as error:
        yield error


def _of_outsiders(operation: Operation, rank: int) -> Iterator[ShoumiError]:
    """Yield what apps above hold against a disclosure, or against handing something to this person."""
    today: date = today_of(operation.department.entity)
    until = operation.due_on or today
    if operation.kind == Kind.DISCLOSE and operation.third_party is not None:
        yield from conditions_of(Going(rank, today, until, third_party=operation.third_party))
    if operation.kind in HANDED and operation.receiver is not None:
        yield from conditions_of(Going(rank, today, until, receiver=operation.receiver))
