"""Reads `world/agreements.yaml`: the facts, fields and moments of the agreements of every country.

Source of the content: the file, which is our own vocabulary.  A country adds invented values of the fields
for its examples, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final, TypeVar

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.agreements.reading import field_value, word
from shoumi.engine.jurisdiction.agreements.values import (
    NON_COMPETE_FIELDS,
    Fact,
    FactKind,
    Field,
    FieldKind,
)
from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file

FILE: Final = "agreements.yaml"
FOLDER: Final = "world"
_Named = TypeVar("_Named", Fact, Field)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the agreements of every country may name."""

    facts: Mapping[str, Fact]
    fields: Mapping[str, Field]
    moments: tuple[Named, ...]


def read_vocabulary(faults: Faults, packs: Traversable) -> Vocabulary:
    """Return the vocabulary below the folder of packs; faults are remembered."""
    text = packs.joinpath(FOLDER).joinpath(FILE).read_text(encoding="utf-8")
    entry = read_file(faults, f"{FOLDER}/{FILE}", text)
    entry.quoted("source")
    entry.status()
    facts = _by_id(_fact(item) for item in entry.entries("facts"))
    fields = _by_id(_field(item, facts) for item in entry.entries("fields"))
    moments = tuple(read_named(item) for item in entry.entries("moments"))
    entry.close()
    return Vocabulary(MappingProxyType(facts), MappingProxyType(fields), moments)


def with_examples(values: Entry, fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """Return the fields with a country's invented values for its examples."""
    found = dict(fields)
    for name in values.keys():  # noqa: SIM118 - no mapping
        field = fields.get(name)
        if field is None or field.origin:
            values.plain(name)
            values.fault(Phrase("“{name}” is no field that is filled in", name=name), at=name)
            continue
        found[name] = replace(field, example=field_value(values, name, field.kind))
    values.close()
    return MappingProxyType(found)


def _by_id(items: Iterable[tuple[Entry, _Named]]) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for entry, item in items:
        if item.id in found:
            entry.fault(Phrase("the id {id} stands twice", id=item.id), at="id")
        found[item.id] = item
    return found


def _fact(entry: Entry) -> tuple[Entry, Fact]:
    kind = word(entry, "kind", FactKind, FactKind.FLAG)
    fact = Fact(
        id=entry.text("id"),
        kind=kind,
        names=entry.texts("names"),
        because=entry.texts("because"),
        because_not=entry.texts("because_not") if entry.has("because_not") else None,
        choices=() if kind is FactKind.FLAG else tuple(read_named(item) for item in entry.entries("choices")),
    )
    entry.close()
    if kind is FactKind.LEVEL and len(fact.choices) != 1:
        entry.fault(Phrase("a fact of kind level names one choice: no level"), at="choices")
    return entry, fact


def _field(entry: Entry, facts: dict[str, Fact]) -> tuple[Entry, Field]:
    kind = word(entry, "kind", FieldKind, FieldKind.TEXT)
    origin = entry.text("from", "")
    field = Field(id=entry.text("id"), kind=kind, names=entry.texts("names"), origin=origin, example=None)
    entry.close()
    fact = facts.get(origin)
    derived = fact is not None and fact.kind is not FactKind.FLAG
    if origin and not derived and origin not in {f"non_compete.{name}" for name in NON_COMPETE_FIELDS}:
        entry.fault(Phrase("“{name}” is nothing that a field can come from", name=origin), at="from")
    return entry, field
