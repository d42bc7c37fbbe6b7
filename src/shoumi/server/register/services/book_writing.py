"""Writing the two books: each side's line is drawn, entered and chained by itself, in one transaction.

Follows the seed guide 五(二).  What the register decides enters both books; what a keeper corrected in one
stays until the register says something new about that field.  It asks nobody for permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import BookEntry, BookLine, LifeEvent, TradeSecret
from shoumi.server.register.models.books import FIELDS, Side
from shoumi.server.register.queries.book_values import (
    IN_BOOKS,
    drawn_values,
    entry_facts,
    entry_sha256,
    standing_of,
)
from shoumi.server.register.queries.snapshot import secrets_for_books
from shoumi.server.register.services.rows import row_key, rows_insert

Cause = BookEntry.Cause
SidesRead: TypeAlias = Mapping[str, Mapping[Any, TradeSecret]]  # side → key → the secret as that side read it


def books_follow(events: Iterable[LifeEvent], *, actor: User | None, read: SidesRead | None = None) -> None:
    """Enter life events, and whatever the register now says otherwise, into both books.

    `read` is what each side has read already; else it reads now.  A secret that is not registered has no line
    in any book.
    """
    of: dict[UUID, list[LifeEvent]] = {}
    for event in events:
        if event.secret.state in IN_BOOKS:
            of.setdefault(event.secret_id, []).append(event)
    for side in (Side.OWNER, Side.OFFICE):
        sides_follow(of, side, actor=actor, read=read[side] if read else None)


def side_follow(
    secret: TradeSecret, side: str, events: Iterable[LifeEvent], *, actor: User | None
) -> BookLine:
    """Bring one side's line up to date; see `sides_follow`."""
    return sides_follow({secret.pk: list(events)}, side, actor=actor)[0]


def sides_follow(
    events: Mapping[UUID, Sequence[LifeEvent]],
    side: str,
    *,
    actor: User | None,
    read: Mapping[Any, TradeSecret] | None = None,
) -> list[BookLine]:
    """Bring one side's lines about secrets up to date from its own reading, and enter `events` there."""
    if read is None:
        read = {secret.pk: secret for secret in secrets_for_books(events)}
    kept = {line.secret_id: line for line in lines_locked(events, side)}
    added = [BookLine(id=row_key(), secret_id=key, side=side) for key in events if key not in kept]
    lines = [*kept.values(), *added]
    entries = [
        entry
        for line in lines
        for entry in _followed(line, read[line.secret_id], events[line.secret_id], actor=actor)
    ]
    rows_insert(added)
    for line in kept.values():
        line.save()
    rows_insert(entries)
    return lines


def lines_locked(secrets: Iterable[UUID], side: str) -> list[BookLine]:
    """Return a side's lines about secrets, locked until the transaction ends."""
    return list(BookLine.objects.select_for_update(no_key=True).filter(secret__in=list(secrets), side=side))


def _followed(
    line: BookLine, secret: TradeSecret, events: Sequence[LifeEvent], *, actor: User | None
) -> list[BookEntry]:
    """Draw a line from a secret as it was read; return the entries that tell it, unsaved like the line."""
    changes = _drawn_changes(line, drawn_values(secret))
    line.standing = standing_of(secret)
    if not events:
        return [entry_make(line, cause=Cause.DRAWN, changes=changes, actor=actor)] if changes else []
    first, *later = events
    return [
        entry_make(line, cause=Cause.EVENT, event=first, changes=changes, actor=actor),
        *(entry_make(line, cause=Cause.EVENT, event=event, actor=actor) for event in later),
    ]


def entry_make(  # noqa: PLR0913 - the parts of an entry, each named
    line: BookLine,
    *,
    cause: str,
    actor: User | None,
    event: LifeEvent | None = None,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> BookEntry:
    """Return the next entry of a locked line and move its head; the caller saves both."""
    line.version += 1
    facts = entry_facts(
        line=f"{line.side}:{line.secret_id}",
        ordinal=line.version,
        cause=cause,
        event=event.pk if event else None,
        changes=changes or {},
        reason=reason,
    )
    line.head = entry_sha256(line.head, facts)
    return BookEntry(
        line=line,
        ordinal=line.version,
        cause=cause,
        event=event,
        changes=dict(changes or {}),
        reason=reason,
        written_by=actor,
        written_at=clock().now(),
        sha256=line.head,
    )


def entry_write(line: BookLine, **parts: Any) -> BookEntry:
    """Append one entry to a locked line, see `entry_make`; the caller saves the line."""
    entry = entry_make(line, **parts)
    entry.save()
    return entry


def field_set(line: BookLine, field: str, value: Any) -> dict[str, list[Any]]:
    """Give one of the nine fields another value; return the change, empty if it is none."""
    before = getattr(line, field)
    if before == value:
        return {}
    setattr(line, field, value)
    return {field: [before, value]}


def _drawn_changes(line: BookLine, drawn: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Take over the fields about which the register says something new; return what changed."""
    changes: dict[str, list[Any]] = {}
    for field in FIELDS:
        if field not in line.drawn or line.drawn[field] != drawn[field]:
            changes |= field_set(line, field, drawn[field])
    line.drawn = dict(drawn)
    return changes
