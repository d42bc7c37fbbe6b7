"""Writing the two books: each side's line is drawn, entered and chained by itself, in one transaction.

Follows the seed guide 五(二).  What the register decides enters both books; what a keeper corrected in one
stays until the register says something new about that field.  It asks nobody for permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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

Cause = BookEntry.Cause


def books_follow(secret: TradeSecret, events: Iterable[LifeEvent], *, actor: User | None) -> None:
    """Enter life events, and whatever the register now says otherwise, into both books.

    A secret that is not registered has no line in any book.
    """
    if secret.state not in IN_BOOKS:
        return
    known = list(events)
    for side in (Side.OWNER, Side.OFFICE):
        side_follow(secret, side, known, actor=actor)


def side_follow(
    secret: TradeSecret, side: str, events: Iterable[LifeEvent], *, actor: User | None
) -> BookLine:
    """Bring one side's line up to date from its own reading of the register, and enter `events` there."""
    fresh = TradeSecret.objects.select_related("owner_department__owner", "custodian").get(pk=secret.pk)
    line = line_locked(secret, side)
    changes = _drawn_changes(line, drawn_values(fresh))
    line.standing = standing_of(fresh)
    pending = list(events)
    first, *later = pending or [None]
    if first is not None or changes:
        entry_write(
            line, cause=Cause.EVENT if first else Cause.DRAWN, event=first, changes=changes, actor=actor
        )
    for event in later:
        entry_write(line, cause=Cause.EVENT, event=event, actor=actor)
    line.save()
    return line


def line_locked(secret: TradeSecret, side: str) -> BookLine:
    """Return a side's line about a secret, locked until the transaction ends; made if there is none."""
    row = BookLine.objects.select_for_update().filter(secret=secret, side=side).first()
    return row or BookLine.objects.create(secret=secret, side=side)


def entry_write(  # noqa: PLR0913 - the parts of an entry, each named
    line: BookLine,
    *,
    cause: str,
    actor: User | None,
    event: LifeEvent | None = None,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> BookEntry:
    """Append one entry to a locked line and move its head; the caller saves the line."""
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
    return BookEntry.objects.create(
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
