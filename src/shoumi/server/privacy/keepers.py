"""Who keeps personal data that fall due: an app registers how its own are found and how they are erased.

This app never learns how the data look.  A keeper finds what was collected before a day, and erases one thing
inside the caller's transaction, with whatever ledger entries belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from shoumi.server.people.models import LegalEntity


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


_keepers: dict[str, Keeper] = {}


def keeper_register(keeper: Keeper) -> None:
    """Let data of a keeper fall due."""
    _keepers[keeper.name] = keeper


def keepers() -> Mapping[str, Keeper]:
    """Return the keepers by name."""
    return MappingProxyType(_keepers)
