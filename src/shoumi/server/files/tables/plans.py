"""What an import would do: each row new, changed or unchanged, every fault, and who may bring in such tables.

An app describes its imports as an `ImportKind`: the tables it understands, a function that plans against the
present records, and one that carries the plan out inside the caller's transaction.
Nothing here reads files or the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shoumi.engine.canonical import JSONValue
from shoumi.server.accounts.models import User
from shoumi.server.files.tables.spec import Fault, ParsedTable, TableSpec


class Effect(StrEnum):
    """What a row does to the records."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one row does."""

    effect: Effect
    table: str  # name of the spec
    cell: str  # where the row begins
    label: str  # which record, in words
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Plan:
    """What an import would do; `work` is for the function that carries it out."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    work: Any = None
    blocked: bool = False  # a fault concerns more than its row: leaving rows out does not help

    def count(self, effect: Effect, table: str = "") -> int:
        """Return how many rows have an effect, in one table or in all."""
        return sum(change.effect is effect and table in {"", change.table} for change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by effect."""
        found = Counter(change.effect.value for change in self.changes)
        return {effect.value: found[effect.value] for effect in Effect}


@dataclass(frozen=True)
class ImportKind:
    """One kind of import that an app offers."""

    name: str  # stable, such as `people`
    title: Any  # lazily translated
    specs: tuple[TableSpec, ...]
    allow: Callable[[User], None]  # raises NotPermittedError
    plan: Callable[[User, Sequence[ParsedTable]], Plan]
    apply: Callable[[User, Plan, str, Mapping[str, JSONValue]], None]  # plan, ledger subject, ledger detail
    help: Any = ""  # lazily translated: what may be in the file

    def spec(self, name: str) -> TableSpec | None:
        """Return the table description called `name`, None if there is none."""
        return next((spec for spec in self.specs if spec.name == name), None)
