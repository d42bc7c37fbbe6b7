"""What a clock of the law is: its start, its length, the facts it depends on, and the answer it gives.

The shapes are our own; the content is that of the packs' `clocks.yaml`.  Nothing is read or computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shoumi.engine.jurisdiction.basis import Basis, Force
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.values import Origin, Texts


class ClockKind(StrEnum):
    """What happens when the clock has run."""

    DEADLINE = "deadline"  # it must be done by then
    KEEP = "keep"  # it must be kept at least until then
    LATEST_END = "latest_end"  # it may last until then and no longer
    OPENS = "opens"  # from then on somebody may act
    LOOK_BACK = "look_back"  # counted backwards: the first day to look at
    AT_ONCE = "at_once"  # no number: do not wait


class Unit(StrEnum):
    """What a length counts."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Length:
    """One length: where its number stands, and for which facts it is."""

    when: Mapping[str, str]  # fact id → value; empty: for every case
    unit: Unit
    params: tuple[str, ...]  # of the rule, added up
    item: int | None  # of a parameter that is a list
    early_item: int | None  # where a span is given: the item from which on it is expected
    proposed: int | None  # the number itself, of a company's default


@dataclass(frozen=True, slots=True)
class Fact:
    """What the length depends on."""

    id: str
    names: Texts
    values: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ClockExample:
    """An invented case with the last day or the moment that must come out."""

    start: str
    facts: Mapping[str, str]
    due: str  # last day, moment to the minute, or `at once`
    comes_out: bool  # False: it must not come out
    line: int


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock of a pack."""

    id: str
    names: Texts
    start: Texts  # the event that starts it
    kind: ClockKind
    rule: str  # empty for a proposed default
    force: Force
    counts_first_day: bool
    lengths: tuple[Length, ...]
    facts: tuple[Fact, ...]
    caveats: tuple[Texts, ...]
    examples: tuple[ClockExample, ...]


@dataclass(frozen=True, slots=True)
class ClockTable:
    """The whole file."""

    origin: Origin
    clocks: tuple[ClockRule, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock has run out, and what that rests on."""

    clock: ClockRule
    at: datetime | None  # the moment from which on it has run out, in the entity's zone; None: at once
    last_day: date | None  # of a clock of days: the last day that still counts; looking back, the first
    early: datetime | None  # where a span is given: its earlier end
    basis: Basis
    caveats: tuple[Texts, ...]  # of the clock; those of the rule stand in `basis`

    @property
    def told(self) -> tuple[Texts, ...]:
        """Everything that must be shown beside the day."""
        return self.basis.caveats + self.caveats

    def over(self, moment: datetime) -> bool:
        """Return whether the clock has run out at `moment`; one without a number never does."""
        return self.at is not None and moment >= self.at
