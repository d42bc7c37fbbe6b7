"""Who keeps personal data that fall due: an app registers how its own are found and how they are erased.

This app never learns how the data look.  A keeper finds what was collected before a day, and erases one thing
inside the caller's transaction, with whatever ledger entries belong to it.  What is held as evidence is named
by whoever holds it, and is not erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shoumi.engine.errors import ConflictError
from shoumi.server.ledger.services import append, details_erase_about
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity

SYSTEM = "system:privacy"


class HeldAsEvidenceError(ConflictError):
    """Something is held as evidence and is not erased."""

    code = "people.held_as_evidence"
    message = "This is held as evidence, so it is not erased."


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept about a person."""

    key: str  # at most 40 characters; the keeper finds the thing by it
    person: UUID
    collected_on: date


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where data of some kinds lie."""

    name: str  # stable, at most 40 characters
    label: Any  # lazily translated
    kinds: frozenset[str]  # of `packs/world/personal_data.yaml`
    find: Callable[[LegalEntity, date], Iterator[Kept]]  # collected before a day, the oldest first
    erase: Callable[[str, str], bool]  # key, reason → False if it is gone already


FilesHeld = Callable[[Iterable[UUID]], bool]  # keys of stored files → whether any is held

_keepers: dict[str, Keeper] = {}
_holders: list[FilesHeld] = []


def keeper_register(keeper: Keeper) -> None:
    """Let data of a keeper fall due."""
    _keepers[keeper.name] = keeper


def keepers() -> Mapping[str, Keeper]:
    """Return the keepers by name."""
    return MappingProxyType(_keepers)


def file_holder_register(function: FilesHeld) -> None:
    """Let `function` say which stored files are held as evidence."""
    if function not in _holders:
        _holders.append(function)


def require_not_held(files: Iterable[UUID | None]) -> None:
    """Return if none of the stored files is held as evidence.

    Raises:
        HeldAsEvidenceError: one is.
    """
    keys = [key for key in files if key is not None]
    if any(holder(keys) for holder in _holders):
        raise HeldAsEvidenceError


def first_moment(entity: LegalEntity, day: date) -> datetime:
    """Return the first moment of a day where a legal entity sits."""
    return datetime.combine(day, time(0), ZoneInfo(entity.time_zone))


def day_of(entity: LegalEntity, moment: datetime) -> date:
    """Return the day of a moment where a legal entity sits."""
    return moment.astimezone(ZoneInfo(entity.time_zone)).date()


def erased(subject: str, *, keeper: str, reason: str, own: bool = True) -> None:
    """Write down that a thing was erased; its `own` entries in the ledger lose details and salts and stay."""
    if own:
        details_erase_about(subject, actor=SYSTEM, reason=reason)
    append(
        LedgerTag.PEOPLE_DATA_ERASED,
        actor=SYSTEM,
        subject=subject,
        detail={"keeper": keeper, "reason": reason},
    )
