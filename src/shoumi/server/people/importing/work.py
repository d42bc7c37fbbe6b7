"""The planner of an import of people: what it knows, what it asks, what it has found so far.

It changes rows in memory only; `applying` writes them.  Each row asks the same permissions as the services
would; decisions are remembered by place, so that ten thousand rows ask a few questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import pgettext

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Action, explain, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.models import User
from shoumi.server.files.tables import ParsedRow
from shoumi.server.files.tables.cells import CellError
from shoumi.server.files.tables.plans import Change, Difference, Effect, Plan
from shoumi.server.ledger.services import Record
from shoumi.server.ledger.tags import Tag
from shoumi.server.people.models import Person
from shoumi.server.people.queries.directory import Directory
from shoumi.server.people.queries.places import standing
from shoumi.server.people.services.persons import REVEALED

Result = TypeVar("Result")


class NotYoursError(CellError):
    """The rules do not let the person who imports change this record."""

    code = "people.import_not_permitted"
    message = "You may not change this record: {explanation}"


@dataclass(slots=True)
class Work:
    """The rows to be written, and the ledger entries to go with them."""

    new: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    changed: dict[type[models.Model], dict[Any, set[str]]] = field(default_factory=dict)  # row → its fields
    records: list[Record] = field(default_factory=list)
    moved_entities: set[Any] = field(default_factory=set)  # ids of entities whose trees change


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the preview lists it."""

    row: ParsedRow
    table: str  # name of the spec
    label: str  # which record, in words


class Planner:
    """One import being planned."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.directory = Directory.load()
        self.work = Work()
        self.plan = Plan(work=self.work)
        self.later: list[Callable[[], None]] = []  # what can only be checked when all rows are known
        self._decisions: dict[tuple[Action, frozenset[str]], str] = {}
        self.fresh: set[Any] = set()  # ids of the rows that this import makes
        self.undo: list[Callable[[], object]] = []  # takes back what the present row did in memory

    # --- faults

    def attempt(self, row: ParsedRow, column: str, ask: Callable[[], Result]) -> Result | None:
        """Return what `ask` returns; an error of ours becomes a fault at the cell, and the answer is None."""
        try:
            return ask()
        except ShoumiError as error:
            self.fault(row, error, column)
            return None

    def fault(self, row: ParsedRow, error: ShoumiError, column: str = "") -> None:
        """Remember a fault at the cell of `column`."""
        self.plan.faults.append(row.fault(error, column))

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Take a row whole or not at all: a fault inside takes back what the row had planned before."""
        faults, changes, records = len(self.plan.faults), len(self.plan.changes), len(self.work.records)
        new = {model: len(rows) for model, rows in self.work.new.items()}
        self.undo.clear()
        yield
        if len(self.plan.faults) == faults:
            return
        del self.plan.changes[changes:], self.work.records[records:]
        for model, rows in self.work.new.items():
            self.fresh -= {row.pk for row in rows[new.get(model, 0) :]}
            del rows[new.get(model, 0) :]
        for step in reversed(self.undo):
            step()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Do something whose faults concern more than their row: then no row can be left out."""
        faults = len(self.plan.faults)
        yield
        self.plan.blocked |= len(self.plan.faults) > faults

    # --- permissions

    def may(self, row: ParsedRow, action: Action, places: frozenset[str], column: str = "") -> bool:
        """Tell whether the actor may do it in a unit that stands in `places`; a refusal is a fault."""
        if (action, places) not in self._decisions:
            lowest = max(places, key=lambda place: (place.startswith("department:"), place))
            decision = gate.decide(self.actor, action, resources.unit(lowest, places))
            self._decisions[action, places] = "" if decision.permitted else _explained(decision.reasons)
        refusal = self._decisions[action, places]
        if refusal:
            self.fault(row, NotYoursError(explanation=refusal), column)
        return not refusal

    def may_person(self, row: ParsedRow, person: Person, places: frozenset[str]) -> bool:
        """Tell whether the actor may bring in this person there; nobody brings in their own record."""
        if not self.may(row, Action.PERSON_IMPORT, places):
            return False
        if person.user_id is None or person.user_id != self.actor.pk:
            return True
        decision = gate.decide(self.actor, Action.PERSON_EDIT, resources.person(str(person.pk), places))
        if not decision.permitted:
            self.fault(row, NotYoursError(explanation=_explained(decision.reasons)))
        return decision.permitted

    def person_places(self, person: Person) -> frozenset[str]:
        """Return the places of a person, with the engagements known so far."""
        held = standing(self.directory.engagements[person.pk])
        return self.directory.places([engagement.department for engagement in held], person.entity)

    # --- effects

    def added(self, line: Line, item: models.Model, tag: Tag, detail: Mapping[str, Any]) -> None:
        """Remember a new row with its ledger entry."""
        self.work.new.setdefault(type(item), []).append(item)
        self.fresh.add(item.pk)
        self.work.records.append(Record(tag, self.actor.ledger_actor, item.ledger_subject, dict(detail)))
        self._effect(Effect.NEW, line)

    def altered(
        self,
        line: Line,
        item: models.Model,
        values: Mapping[str, object],
        tag: Tag,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Give `item` the values that differ and remember what changed; without `detail`, which fields."""
        found = [name for name, value in values.items() if getattr(item, name) != value]
        told = [name for name in found if name != "search"]
        differences = tuple(_difference(item, name, values[name]) for name in told)
        if found:
            self._assign(item, {name: values[name] for name in found})
        if found and item.pk not in self.fresh:
            entry = {"fields": told} if detail is None else dict(detail)
            self.work.records.append(Record(tag, self.actor.ledger_actor, item.ledger_subject, entry))
        self._effect(Effect.CHANGED if found else Effect.UNCHANGED, line, differences)

    def _effect(self, effect: Effect, line: Line, differences: tuple[Difference, ...] = ()) -> None:
        self.plan.changes.append(Change(effect, line.table, line.row.cell(), line.label, differences))

    def _assign(self, item: models.Model, values: Mapping[str, object]) -> None:
        before = {name: getattr(item, name) for name in values}
        marked = self.work.changed.setdefault(type(item), {})
        fields = frozenset(marked.get(item, ()))

        def take_back() -> None:
            for name, value in before.items():
                setattr(item, name, value)
            if fields:
                marked[item] = set(fields)
            else:
                marked.pop(item, None)

        for name, value in values.items():
            setattr(item, name, value)
        if item.pk not in self.fresh:
            marked[item] = {*fields, *values}
        self.undo.append(take_back)


def look_up(planner: Planner, row: ParsedRow) -> None:
    """Look for entity, department and post of a row that has other faults, so that all are told at once.

    A row of departments names itself and its parent, which other rows may make: it is left alone.
    """
    named = row.values
    entity = None
    if named.get("entity"):
        entity = planner.attempt(row, "entity", lambda: planner.directory.entity(named["entity"]))
        if entity is None:
            return
    if not named.get("department"):
        return
    department = planner.attempt(
        row, "department", lambda: planner.directory.department(named["department"], entity)
    )
    if department is not None and named.get("post"):
        planner.attempt(row, "post", lambda: planner.directory.post(department, named["post"]))


def _explained(reasons: tuple[str, ...]) -> str:
    return " ".join(pgettext("policy reason", explain(reason)) for reason in reasons)


def _difference(item: models.Model, name: str, value: object) -> Difference:
    field = item._meta.get_field(name)  # noqa: SLF001 - Django's documented way
    words = dict(field.flatchoices)
    before, after = (
        "" if held is None else str(words.get(held, held)) for held in (getattr(item, name), value)
    )
    if name in REVEALED:  # what is stored stays masked; what comes in was in the reader's own file
        before = mask(before)
    return Difference(str(field.verbose_name), before, after)
