"""What the navigation is made of: rooms in groups, and the same as the template draws them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

Label = str | Promise
EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation."""

    url_name: str
    label: Label
    icon: str
    roles: frozenset[str] = EVERYBODY  # empty: everybody who is signed in
    prefix: str = ""  # addresses below it mark this room as the current one; empty: its own address
    count: str = ""  # name of the number beside it, see `numbers`


@dataclass(frozen=True, slots=True)
class Group:
    """Rooms that belong together, with a heading unless it is empty."""

    key: str
    label: Label
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class DrawnRoom:
    """A room as the template needs it."""

    url: str
    label: Label
    icon: str
    active: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """A group with at least one room to draw."""

    key: str
    label: Label
    items: list[DrawnRoom] = field(default_factory=list)
