"""Deletion on request: drops the value and the salt of a detail; the log itself stays whole.

Without its salt a commitment tells nothing, and nobody can prove the value any more, we neither.
That it was done, when, by whom and why, is a ledger entry of its own; the database lets the rows go only
after that entry stands there.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from shoumi.engine.errors import ConflictError
from shoumi.server.ledger.appending import append
from shoumi.server.ledger.models import DETAILS_PER_ENTRY, LedgerDetail, LedgerEntry
from shoumi.server.ledger.tags import LedgerTag


class NothingToEraseError(ConflictError):
    """The entry has no such details, or they are gone already."""

    code = "conflict.nothing_to_erase"
    message = "Ledger entry {index} has no detail of that name that could be erased."


def detail_erase(
    entry: LedgerEntry, *, actor: str, reason: str, names: Collection[str] | None = None
) -> LedgerEntry:
    """Erase the details `names` of `entry`, or all of them, and return the entry that says so.

    Call it inside the caller's transaction, like `append`.  It cannot be undone.

    Raises:
        NothingToEraseError: one of `names` is not there, or no detail is left.
        TransactionManagementError: there is no `transaction.atomic()` around the call.
    """
    first = entry.index * DETAILS_PER_ENTRY
    rows = LedgerDetail.objects.filter(id__gte=first, id__lt=first + DETAILS_PER_ENTRY)
    if names is not None:
        rows = rows.filter(name__in=names)
    found = list(rows.values_list("id", "name"))
    if not found or (names is not None and len(found) != len(set(names))):
        raise NothingToEraseError(index=entry.index)
    told = append(
        LedgerTag.LEDGER_DETAIL_ERASED,
        actor=actor,
        subject=f"entry:{entry.index}",
        detail={"names": sorted(name for _, name in found), "reason": reason},
    )
    LedgerDetail.objects.filter(id__in=[number for number, _ in found]).delete()
    return told


def details_erase_about(subject: str, *, actor: str, reason: str) -> int:
    """Erase what details are left of every entry about `subject`; return of how many entries.

    Call it inside the caller's transaction, like `append`.  It cannot be undone.
    """
    first = OuterRef("index") * DETAILS_PER_ENTRY
    details = LedgerDetail.objects.filter(id__gte=first, id__lt=first + DETAILS_PER_ENTRY)
    entries = list(LedgerEntry.objects.filter(Exists(details), subject=subject).order_by("index"))
    for entry in entries:
        detail_erase(entry, actor=actor, reason=reason)
    return len(entries)
