"""Reads one step of a pack's `procedures.yaml` and tells what in it does not fit the rest of the pack.

The keys are described in the head of each file.  Whether steps fit together is `loading`'s task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.clocks import ClockRule
from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.pack import Named, Pack
from shoumi.engine.jurisdiction.procedures.coherence import incoherent
from shoumi.engine.jurisdiction.procedures.values import (
    CaseFact,
    CaseStep,
    Condition,
    Detector,
    DueRule,
    EvidenceKind,
    Gate,
    NamedDay,
    Repeat,
)
from shoumi.engine.jurisdiction.reading import Entry

_FAR: Final = 3_660  # days
_Word = TypeVar("_Word", bound=StrEnum)


def read_pairs(entry: Entry, name: str) -> Mapping[str, str]:
    """Return a mapping of texts; empty if the key is missing."""
    if not entry.has(name):
        return MappingProxyType({})
    pairs = entry.entry(name)
    return MappingProxyType({key: str(pairs.plain(key)) for key in pairs.keys()})  # noqa: SIM118 - no mapping


@dataclass(frozen=True, slots=True)
class StepReader:
    """Reads steps beside the rest of their file."""

    pack: Pack
    facts: Mapping[str, CaseFact]
    days: Mapping[str, NamedDay]
    parties: Mapping[str, Named]
    groups: Mapping[str, Named]
    clocks: Mapping[str, ClockRule]
    detectors: tuple[Detector, ...]

    def step(self, entry: Entry) -> CaseStep:
        """Return one step."""
        step = CaseStep(
            id=entry.text("id"),
            names=entry.texts("names"),
            records=entry.texts("records"),
            evidence=_word(entry, "evidence", EvidenceKind, EvidenceKind.FILE),
            owner=entry.text("owner"),
            source=entry.text("source"),
            status=entry.status(),
            rule=entry.text("rule", ""),
            items=self._items(entry),
            persons=entry.number("persons", lowest=1, highest=9) if entry.has("persons") else 1,
            barred=self._known(entry, "barred", self.parties),
            parties=self._known(entry, "parties", self.parties),
            signers=self._known(entry, "signers", self.parties),
            refusable=entry.flag("refusable", default=False),
            due=self._dues(entry, "due"),
            repeat=self._repeat(entry),
            measured_from=self._dues(entry, "measured_from"),
            gates=tuple(Gate(name) for name in self._known(entry, "gates", dict.fromkeys(Gate))),
            needs=_word(entry, "needs", Gate, Gate.END) if entry.has("needs") else None,
            after=entry.words("after"),
            group=entry.text("group", ""),
            when=self._conditions(entry, "when"),
            mandatory=entry.flag("mandatory", default=True),
        )
        entry.close()
        self._check(entry, step)
        return step

    def _check(self, entry: Entry, step: CaseStep) -> None:
        for key, fault in incoherent(step):
            entry.fault(fault, at=key)
        if step.rule and step.rule not in {rule.id for rule in self.pack.rules}:
            entry.fault(Phrase("the rule {rule} is not in this pack", rule=step.rule), at="rule")
        if step.group and step.group not in self.groups:
            entry.fault(Phrase("“{name}” is not known here", name=step.group), at="group")
        for due in step.due:
            self._check_clock(entry, step, due)

    def _check_clock(self, entry: Entry, step: CaseStep, due: DueRule) -> None:
        """Tell of facts of a clock that are not given, or that may have a value the clock does not know."""
        if not due.clock or due.clock not in self.clocks:
            return
        for fact in self.clocks[due.clock].facts:
            own = self.facts.get((due.facts or {}).get(fact.id, ""))
            values = {value.id for value in own.values} if own else {""}
            for condition in step.when:
                allowed = values & set(condition.get(own.id if own else "", tuple(values)))
                if allowed - {value.id for value in fact.values}:
                    entry.fault(Phrase("the clock needs to know “{fact}”", fact=fact.id), at="due")
            if not step.when and values - {value.id for value in fact.values}:
                entry.fault(Phrase("the clock needs to know “{fact}”", fact=fact.id), at="due")

    def _items(self, entry: Entry) -> tuple[Named, ...]:
        if entry.flag("detectors", default=False):
            return tuple(Named(each.id, each.names) for each in self.detectors)
        return tuple(read_named(item) for item in entry.entries("items")) if entry.has("items") else ()

    def _known(self, entry: Entry, name: str, known: Mapping[str, object]) -> tuple[str, ...]:
        words = entry.words(name)
        for word in words:
            if word not in known:
                entry.fault(Phrase("“{name}” is not known here", name=word), at=name)
        return tuple(word for word in words if word in known)

    def _dues(self, entry: Entry, name: str) -> tuple[DueRule, ...]:
        return tuple(self._due(item) for item in entry.entries(name)) if entry.has(name) else ()

    def _due(self, entry: Entry) -> DueRule:
        due = DueRule(
            day=entry.text("from"),
            days=entry.number("days", lowest=-_FAR, highest=_FAR) if entry.has("days") else None,
            hours=entry.number("hours", lowest=0, highest=_FAR) if entry.has("hours") else None,
            clock=entry.text("clock", ""),
            facts=read_pairs(entry, "facts"),
            when=self._conditions(entry, "when"),
        )
        entry.close()
        if due.day not in self.days:
            entry.fault(Phrase("“{name}” is not known here", name=due.day), at="from")
        if due.clock and due.clock not in self.clocks:
            entry.fault(Phrase("the pack has no clock “{clock}”", clock=due.clock), at="clock")
        return due

    def _repeat(self, entry: Entry) -> Repeat | None:
        if not entry.has("repeat"):
            return None
        repeat = entry.entry("repeat")
        found = Repeat(
            months=repeat.number("months", lowest=1, highest=120), until=self._due(repeat.entry("until"))
        )
        repeat.close()
        return found

    def _conditions(self, entry: Entry, name: str) -> tuple[Condition, ...]:
        return tuple(self._condition(item) for item in entry.entries(name)) if entry.has(name) else ()

    def _condition(self, entry: Entry) -> Condition:
        found = {key: entry.words(key) for key in entry.keys()}  # noqa: SIM118 - no mapping
        for key, values in found.items():
            known = {value.id for value in self.facts[key].values} if key in self.facts else set()
            if not values or set(values) - known:
                entry.fault(Phrase("the fact “{fact}” or one of these values is not known", fact=key), at=key)
        return MappingProxyType(found)


def _word(entry: Entry, name: str, words: type[_Word], otherwise: _Word) -> _Word:
    value = entry.text(name, among=tuple(words))
    return words(value) if value in tuple(words) else otherwise
