"""What keepers do with their books: correct a line, enter or strike out a life event, sign, file, receive.

Follows the seed guide 五(二): each department keeps its own book, and its list is filed with the office.  A
correction changes one side only, needs its reason and resolves the difference that it settles; what was
written before stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import (
    BookDifference,
    BookEntry,
    BookLine,
    BookSignature,
    LifeEvent,
    TradeSecret,
)
from shoumi.server.register.models.books import FIELDS, FILE_FORM, Side, StorageForm
from shoumi.server.register.models.holdings import Carrier
from shoumi.server.register.queries.books import (
    Book,
    book_resource,
    differences_open,
    events_entered,
    hash_of,
    line_resource,
)
from shoumi.server.register.services.book_writing import entry_write, field_set, side_follow

LISTS = {"carrier_form": {*Carrier.Kind.values, FILE_FORM}, "storage_form": set(StorageForm.values)}
LEVELS = {"core", "important", "general"}
LONGEST_PLACE = 1000


class LineUnknownError(InputError):
    """No such line, as far as the asker may know."""

    code = "register.line_unknown"
    message = "There is no such line in the secrets ledger."


class LineChangedError(ConflictError):
    """Somebody wrote into the line in the meantime."""

    code = "register.line_changed"
    message = (
        "Somebody else wrote into this line in the meantime. Look at it again and repeat your correction."
    )


class CorrectionError(InputError):
    """The correction lacks its reason, or the value does not fit the field."""

    code = "register.correction"
    message = "A correction names one of the nine fields, another value that fits it, and its reason."


class EventEnteredError(ConflictError):
    """The event stands in the book already, or does not stand there to be struck out."""

    code = "register.event_entered"
    message = "The book says so already."


class BookMovedOnError(ConflictError):
    """The book is not what was shown to the signer."""

    code = "register.book_moved_on"
    message = "The book changed since you looked at it. Look at it again and sign then."


class BookSignedError(ConflictError):
    """The month is signed, or not over."""

    code = "register.book_signed"
    message = "This month is signed already or not over yet."


def line_correct(  # noqa: PLR0913 - the parts of a correction, each named
    *, actor: User, line_id: UUID, expected_version: int, field: str, value: Any, reason: str
) -> BookEntry:
    """Correct one field of one side's line, with the reason; the other side stays as it is.

    Raises:
        LineUnknownError, LineChangedError, CorrectionError: each as it says.
        NotPermittedError: the actor does not keep this book.
    """
    with _line(actor, line_id, expected_version, reason) as line:
        changes = field_set(line, field, _checked(field, value))
        if not changes:
            raise CorrectionError
        cause = BookEntry.Cause.CORRECTION
        entry = entry_write(line, cause=cause, actor=actor, changes=changes, reason=reason.strip())
        line.save()
        _settle(line, entry, field)
        _recorded(actor, line, entry, field)
    return entry


def line_restore(*, actor: User, difference_id: UUID, side: str, reason: str) -> BookLine:
    """Make the line that one side lacks, from that side's own reading of the register, with the reason."""
    difference = BookDifference.objects.select_related("secret__owner_department").get(pk=difference_id)
    secret = difference.secret
    unsaved = BookLine(secret=secret, side=Side(side))
    gate.require(actor, Action.BOOK_KEEP, line_resource(unsaved))
    if not reason.strip():
        raise CorrectionError
    with transaction.atomic():
        secret = TradeSecret.objects.select_for_update(no_key=True).get(pk=secret.pk)
        if BookLine.objects.filter(secret=secret, side=side).exists():
            raise EventEnteredError
        line = side_follow(secret, side, secret.life_events.order_by("at", "id"), actor=actor)
        entry = line.entries.order_by("-ordinal").first() or entry_write(
            line, cause=BookEntry.Cause.DRAWN, actor=actor
        )
        line.save()
        _settle(line, entry, BookDifference.LINE)
        _recorded(actor, line, entry, BookDifference.LINE, reason=reason.strip())
    return line


def line_event_enter(
    *, actor: User, line_id: UUID, expected_version: int, event_id: int, reason: str
) -> BookEntry:
    """Enter a life event that the other side has and this one lacks."""
    return _event(actor, line_id, expected_version, event_id, reason, struck=False)


def line_event_strike(
    *, actor: User, line_id: UUID, expected_version: int, event_id: int, reason: str
) -> BookEntry:
    """Strike a life event out of one side's book; the entry stays readable."""
    return _event(actor, line_id, expected_version, event_id, reason, struck=True)


def line_event_note(*, actor: User, line_id: UUID, expected_version: int, kind: str, note: str) -> BookEntry:
    """Enter something that happened outside the system into one side's book; comparing finds it."""
    if kind not in LifeEvent.Kind.values:
        raise CorrectionError
    with _line(actor, line_id, expected_version, note) as line:
        event = LifeEvent.objects.create(
            secret=line.secret, kind=kind, at=clock().now(), actor=actor, note=note.strip()[:300]
        )
        entry = entry_write(line, cause=BookEntry.Cause.EVENT, actor=actor, event=event)
        line.save()
        _recorded(actor, line, entry, BookDifference.EVENT)
    return entry


def book_sign(*, actor: User, book: Book, month: date, expected_sha256: str) -> BookSignature:
    """Sign a book for a month that is over, as it was shown; a department's is filed with the office by it.

    Raises:
        NotPermittedError: the actor does not keep this book.
        BookMovedOnError: its lines are not those of `expected_sha256`.
        BookSignedError: the month is signed already, or not over.
    """
    gate.require(actor, Action.BOOK_SIGN, book_resource(book))
    month = month.replace(day=1)
    if month >= today_of(book.entity).replace(day=1):
        raise BookSignedError
    try:
        with transaction.atomic():
            digest = hash_of(book)
            if digest != expected_sha256:
                raise BookMovedOnError
            rows = differences_open(book.entity)
            if book.department:
                rows = rows.filter(secret__owner_department=book.department)
            signature = BookSignature.objects.create(
                entity=book.entity,
                department=book.department,
                side=book.side,
                month=month,
                lines=book.lines().count(),
                differences=rows.count(),
                sha256=digest,
                signed_by=actor,
                signed_at=clock().now(),
            )
            append(
                RegisterTag.BOOK_SIGNED,
                actor=actor.ledger_actor,
                subject=signature.ledger_subject,
                detail={
                    "side": book.side,
                    "book": str(book.department.pk if book.department else book.entity.pk),
                    "month": f"{month:%Y-%m}",
                    "lines": str(signature.lines),
                    "sha256": digest,
                },
            )
    except IntegrityError as error:
        raise BookSignedError from error
    return signature


def book_receive(*, actor: User, signature_id: UUID) -> BookSignature:
    """Confirm as the office that a department's list arrived; another person than its signer.

    Raises:
        LineUnknownError: there is no such list.
        NotPermittedError: the actor is not of the office, or signed it.
    """
    rows = BookSignature.objects.select_related("entity", "department__entity")
    found = rows.filter(pk=signature_id, side=Side.OWNER).first()
    if found is None:
        raise LineUnknownError
    gate.require(
        actor, Action.BOOK_RECEIVE, book_resource(Book(found.entity, found.department), found.signed_by_id)
    )
    with transaction.atomic():
        signature = BookSignature.objects.select_for_update(no_key=True).get(pk=found.pk)
        if signature.received_at is None:
            signature.received_by, signature.received_at = actor, clock().now()
            signature.save(update_fields=["received_by", "received_at"])
            append(
                RegisterTag.BOOK_RECEIVED,
                actor=actor.ledger_actor,
                subject=signature.ledger_subject,
                detail={"sha256": signature.sha256, "month": f"{signature.month:%Y-%m}"},
            )
    return signature


@contextmanager
def _line(actor: User, line_id: UUID, expected_version: int, reason: str) -> Iterator[BookLine]:
    """Yield the locked line inside one transaction, after permission, version and reason."""
    rows = BookLine.objects.select_related("secret__owner_department", "secret__entity")
    found = rows.filter(pk=line_id).first()
    if found is None:
        raise LineUnknownError
    gate.require(actor, Action.BOOK_KEEP, line_resource(found))
    if not reason.strip():
        raise CorrectionError
    with transaction.atomic():
        line = BookLine.objects.select_for_update(no_key=True).get(pk=line_id)
        if line.version != expected_version:
            raise LineChangedError
        yield line


def _event(  # noqa: PLR0913 - the parts of an entry, each named
    actor: User, line_id: UUID, expected_version: int, event_id: int, reason: str, *, struck: bool
) -> BookEntry:
    with _line(actor, line_id, expected_version, reason) as line:
        event = LifeEvent.objects.filter(pk=event_id, secret=line.secret_id).first()
        entered = event is not None and event.pk in events_entered([line.pk]).get(line.pk, set())
        if event is None or entered != struck:
            raise EventEnteredError
        cause = BookEntry.Cause.STRUCK if struck else BookEntry.Cause.EVENT
        entry = entry_write(line, cause=cause, actor=actor, event=event, reason=reason.strip())
        line.save()
        _settle(line, entry, BookDifference.EVENT, event)
        _recorded(actor, line, entry, BookDifference.EVENT)
    return entry


def _settle(line: BookLine, entry: BookEntry, field: str, event: LifeEvent | None = None) -> None:
    """Close the open difference that an entry resolves: both sides say the same now."""
    other = BookLine.objects.filter(secret=line.secret_id).exclude(pk=line.pk).first()
    if other is None:
        return
    if field in FIELDS and getattr(other, field) != getattr(line, field):
        return
    rows = BookDifference.objects.filter(secret=line.secret_id, field=field, resolved_at=None)
    if event is not None:
        rows = rows.filter(event=event)
    rows.update(resolved_at=clock().now(), resolved_by=entry)


def _recorded(actor: User, line: BookLine, entry: BookEntry, field: str, reason: str = "") -> None:
    append(
        RegisterTag.BOOK_CORRECTED,
        actor=actor.ledger_actor,
        subject=line.secret.ledger_subject,
        detail={
            "side": line.side,
            "field": field,
            "changes": entry.changes,
            "reason": reason or entry.reason,
            "sha256": entry.sha256,
        },
    )


def _checked(field: str, value: Any) -> Any:
    """Return a value in the form in which its field is kept; raise if it does not fit."""
    if field not in FIELDS:
        raise CorrectionError
    if field in LISTS:
        values = sorted({str(item) for item in value}) if isinstance(value, list | tuple | set) else []
        if not values or set(values) - LISTS[field]:
            raise CorrectionError
        return values
    text = str(value).strip()
    longest = BookLine._meta.get_field(field).max_length or LONGEST_PLACE  # noqa: SLF001 - Django's documented way
    if not text or len(text) > longest or (field == "level" and text not in LEVELS):
        raise CorrectionError
    return text
