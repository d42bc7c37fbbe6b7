"""The words of a policy: actions from mild to severe, places, reach, persons, and a rule made of them.

Severity is our own choice and part of the product's contract: what still lets content reach its reader, if
only under seal, is milder than what stops it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shoumi.engine.inspection.values import FindingKind
from shoumi.engine.jurisdiction.values import Texts


class Action(StrEnum):
    """What is to be done, from the mildest to the most severe."""

    ALLOW = "allow"
    WARN = "warn"  # tell the person, let it pass
    JUSTIFY = "justify"  # let it pass for a reason given and kept
    SEAL = "seal"  # let it pass as a sealed document only
    QUARANTINE = "quarantine"  # hold it until somebody has decided
    BLOCK = "block"  # it does not pass

    @property
    def severity(self) -> int:
        """Return 0 for allow to 5 for block."""
        return _ORDER.index(self)


_ORDER = tuple(Action)


def worst(actions: Iterable[Action]) -> Action:
    """Return the most severe action; allow if there is none."""
    return max(actions, key=lambda action: action.severity, default=Action.ALLOW)


class Place(StrEnum):
    """Where the content was met."""

    SHARE = "share"  # at rest, on a share or server
    COMPUTER = "computer"  # at rest, on somebody's machine
    REMOVABLE = "removable"  # a stick or disk that can be carried away
    UPLOAD = "upload"  # handed to the console
    MAIL = "mail"
    MESSENGER = "messenger"
    WEB = "web"
    PRINT = "print"


class Reach(StrEnum):
    """How far the place, or the receivers, reach."""

    INSIDE = "inside"
    PARTNER = "partner"  # outsiders bound by an agreement
    OUTSIDE = "outside"


class Person(StrEnum):
    """Who holds or sends it."""

    IN_SCOPE = "in_scope"  # within the knowledge scope of what was found
    EMPLOYEE = "employee"
    LEAVER = "leaver"  # has resigned or been given notice
    OUTSIDER = "outsider"
    UNKNOWN = "unknown"


class Counting(StrEnum):
    """What an amount counts."""

    DISTINCT = "distinct"  # different values, rows or secrets
    FINDINGS = "findings"  # every occurrence


class Judged(Protocol):
    """What a verdict looks at in a finding; findings and their records both have it."""

    @property
    def kind(self) -> FindingKind:
        """By what means it was found."""
        ...

    @property
    def id(self) -> str:
        """What was found."""
        ...

    @property
    def score(self) -> float:
        """How sure, 0 to 1."""
        ...

    @property
    def level(self) -> str:
        """The level it speaks of, or nothing."""
        ...

    @property
    def count(self) -> int:
        """How many it stands for, itself included."""
        ...

    @property
    def counts_as(self) -> Hashable:
        """Equal for findings that are one and the same thing met twice."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the circumstances."""

    name: str = ""  # path or file name, with slashes
    place: Place = Place.SHARE
    reach: Reach = Reach.INSIDE
    persons: frozenset[Person] = frozenset({Person.UNKNOWN})


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One rule: speaks if everything it asks for is so.  An empty tuple asks for nothing."""

    id: str
    action: Action
    reason: Texts
    kinds: tuple[FindingKind, ...] = ()
    ids: tuple[str, ...] = ()  # with `*` and `?`
    levels: tuple[str, ...] = ()
    least_score: float = 0.0
    at_least: int = 1
    counting: Counting = Counting.DISTINCT
    places: tuple[Place, ...] = ()
    reaches: tuple[Reach, ...] = ()
    names: tuple[str, ...] = ()  # of paths, with `*` and `?`; `*` crosses slashes
    persons: tuple[Person, ...] = ()  # any of them
    unless_persons: tuple[Person, ...] = ()  # none of them
    examples: tuple[Example, ...] = ()
    line: int = 1
    file: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """An invented case of which the file says whether its rule speaks."""

    speaks: bool
    findings: tuple[Judged, ...]
    facts: Facts
    line: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one file or several; their order says nothing, the most severe action counts."""

    id: str
    rules: tuple[PolicyRule, ...]
    lists: Mapping[str, tuple[str, ...]]  # named lists of ids that rules refer to
