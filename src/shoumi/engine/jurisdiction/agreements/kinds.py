"""Reads one kind of agreement: its frame, its clauses with their conditions and rules, its examples.

Source of the content: the files of `agreements/` beside the library.  Every place in a text is a field of the
library, every fact one of its facts, every rule one of the pack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.agreements.conditions import fits
from shoumi.engine.jurisdiction.agreements.reading import word
from shoumi.engine.jurisdiction.agreements.values import (
    NON_COMPETE_FACTS,
    AgreementExample,
    AgreementKind,
    Clause,
    Fact,
    FactKind,
    FactValue,
    Field,
    Party,
    Test,
)
from shoumi.engine.jurisdiction.documents import filled, places_in
from shoumi.engine.jurisdiction.pack import Pack, Plain
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Origin


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind of agreement may name."""

    pack: Pack
    facts: Mapping[str, Fact]
    fields: Mapping[str, Field]


def read_kind(faults: Faults, path: str, text: str, words: Words) -> AgreementKind:
    """Return the kind of agreement that a whole file is."""
    entry = read_file(faults, path, text)
    origin = Origin(entry.quoted("source"), entry.status())
    non_compete = entry.flag("non_compete", default=False)
    clauses = tuple(_clause(item, words, origin) for item in entry.entries("clauses"))
    ids = tuple(clause.id for clause in clauses)
    kind = AgreementKind(
        id=entry.text("id"),
        order=entry.number("order", lowest=1, highest=99),
        names=entry.texts("names"),
        purpose=entry.texts("purpose"),
        party=word(entry, "party", Party, Party.EMPLOYEE),
        title=_placed(entry, "title", words),
        opening=_placed(entry, "opening", words),
        closing=_placed(entry, "closing", words),
        clauses=clauses,
        non_compete=non_compete,
        countersigned=entry.flag("countersigned", default=False),
        examples=tuple(_example(item, words, ids) for item in entry.entries("examples")),
        path=path,
    )
    entry.close()
    for twice in (each for each, count in Counter(ids).items() if count > 1):
        entry.fault(Phrase("the id {id} stands twice", id=twice), at="clauses")
    if not kind.examples:
        entry.fault(Phrase("“{name}” is missing", name="examples"))
    used = {test.fact for clause in clauses for test in clause.when} & set(NON_COMPETE_FACTS)
    if used and not non_compete:
        entry.fault(Phrase("“{name}” is known only of an agreement", name=min(used)))
    return kind


def read_when(entry: Entry, words: Words) -> tuple[Test, ...]:
    """Return the conditions under `when`; none if the key is missing."""
    value = entry.plain("when", MappingProxyType({}))
    if not isinstance(value, Mapping):
        entry.fault(Phrase("“{name}” must be a mapping", name="when"), at="when")
        return ()
    tests = (_test(entry, words, name, wanted) for name, wanted in value.items())
    return tuple(test for test in tests if test)


def _test(entry: Entry, words: Words, name: str, wanted: Plain) -> Test | None:
    fact = words.facts.get(name)
    if fact is None:
        entry.fault(Phrase("there is no fact “{name}”", name=name), at="when")
        return None
    if isinstance(wanted, Mapping):
        least = wanted.get("at_least")
        if fact.kind is FactKind.LEVEL and set(wanted) == {"at_least"} and fits(words.pack.id, fact, least):
            return Test(name, (), int(str(least)))
        entry.fault(
            Phrase("“{value}” is no value of the fact “{fact}”", value=str(dict(wanted)), fact=name),
            at="when",
        )
        return None
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    found = tuple(each for each in values if _known(entry, words, fact, each))
    return Test(name, tuple(each for each in found if isinstance(each, bool | int | str)))


def _known(entry: Entry, words: Words, fact: Fact, value: Plain) -> bool:
    if fits(words.pack.id, fact, value):
        return True
    entry.fault(
        Phrase("“{value}” is no value of the fact “{fact}”", value=str(value), fact=fact.id), at="when"
    )
    return False


def _clause(entry: Entry, words: Words, origin: Origin) -> Clause:
    rules, guidelines = entry.words("rules"), entry.words("guidelines")
    own = Origin(entry.quoted("source"), entry.status()) if entry.has("source") else origin
    clause = Clause(
        id=entry.text("id"),
        heading=_placed(entry, "heading", words),
        text=_placed(entry, "text", words),
        when=read_when(entry, words),
        mandatory=not entry.flag("optional", default=False),
        origin=own,
        rules=rules,
        guidelines=guidelines,
        line=entry.line,
    )
    entry.close()
    known = {rule.id for rule in words.pack.rules}
    for key, names in (("rules", rules), ("guidelines", guidelines)):
        for name in names:
            if name not in known:
                entry.fault(Phrase("the rule {rule} is not in this pack", rule=name), at=key)
    return clause


def _placed(entry: Entry, name: str, words: Words) -> str:
    """Return a text whose places are all fields of the library."""
    text = entry.text(name).strip()
    for place in dict.fromkeys(places_in(text)):
        if place not in words.fields:
            entry.fault(Phrase("there is no field “{name}”", name=place), at=name)
    if any(brace in filled(text, dict.fromkeys(places_in(text), "")) for brace in "{}"):
        entry.fault(Phrase("a brace in the text belongs to no field"), at=name)
    return text


def _example(entry: Entry, words: Words, clauses: tuple[str, ...]) -> AgreementExample:
    value = entry.plain("facts", MappingProxyType({}))
    known: dict[str, FactValue] = {}
    for name, told in (value if isinstance(value, Mapping) else {}).items():
        fact = words.facts.get(name)
        if fact is None or not fits(words.pack.id, fact, told):
            entry.fault(
                Phrase("“{value}” is no value of the fact “{fact}”", value=str(told), fact=name), at="facts"
            )
        elif isinstance(told, bool | int | str):
            known[name] = told
    proposal = entry.number("non_compete", lowest=0, highest=99) if entry.has("non_compete") else None
    example = AgreementExample(
        known=MappingProxyType(known),
        optional=entry.words("optional"),
        non_compete=proposal,
        has=entry.words("has"),
        lacks=entry.words("lacks"),
        line=entry.line,
    )
    entry.close()
    for name in (*example.optional, *example.has, *example.lacks):
        if name not in clauses:
            entry.fault(Phrase("there is no clause “{name}”", name=name))
    return example
