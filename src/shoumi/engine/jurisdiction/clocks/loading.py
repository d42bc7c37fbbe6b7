"""Reads a pack's `clocks.yaml`, tells its faults by file and line, and runs its examples.

Source of the content: the file, with rules named by id from the same pack.  An example that does not come out
is a fault of the file.  Computing is `running`'s task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from functools import cache, partial
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.clocks.running import run
from shoumi.engine.jurisdiction.clocks.values import (
    ClockExample,
    ClockKind,
    ClockRule,
    ClockTable,
    Due,
    Fact,
    Length,
    Unit,
)
from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.pack import Pack, Plain
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_pack_file, read_texts
from shoumi.engine.jurisdiction.values import Origin

FILE: Final = "clocks.yaml"
_HIGHEST: Final = 100_000  # of a number of hours, days, months or years
_NO_CASE: Final[Mapping[str, str]] = MappingProxyType({})

_Word = TypeVar("_Word", bound=StrEnum)


@cache
def load_clocks(pack_id: str) -> ClockTable:
    """Return the clocks of a country; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the file has faults, or its examples do not come out; all are listed.
    """
    return read_clocks(pack_id)


def read_clocks(pack_id: str, root: Path | None = None) -> ClockTable:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: as for `load_clocks`.
    """
    pack = load_pack(pack_id, root)
    faults, path, entry = read_pack_file(pack_id, FILE, root)
    faults.verify_none()
    zone = _zone(entry)
    table = ClockTable(
        origin=Origin(entry.quoted("source"), entry.status()),
        clocks=tuple(_clock(item, pack) for item in entry.entries("clocks")),
    )
    entry.close()
    for twice in (id_ for id_, count in Counter(clock.id for clock in table.clocks).items() if count > 1):
        faults.add(path, None, Phrase("the id {id} stands twice", id=twice))
    faults.verify_none()
    for clock in table.clocks:
        _check_examples(faults, path, clock, partial(_ask, pack, clock, zone))
    faults.verify_none()
    return table


def _zone(entry: Entry) -> tzinfo:
    name = entry.text("example_zone", "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        entry.fault(Phrase("there is no time zone “{name}”", name=name), at="example_zone")
        return UTC


def _clock(entry: Entry, pack: Pack) -> ClockRule:
    rule = entry.text("rule", "")
    examples = entry.entry("examples")
    clock = ClockRule(
        id=entry.text("id"),
        names=entry.texts("names"),
        start=entry.texts("start"),
        kind=_word(entry, "kind", ClockKind, ClockKind.DEADLINE),
        rule=rule,
        force=_word(entry, "force", Force, Force.LAW) if rule else Force.COMPANY,
        counts_first_day=entry.flag("counts_first_day", default=False),
        lengths=tuple(_length(item) for item in _some(entry, "lengths")),
        facts=tuple(_fact(item) for item in _some(entry, "facts")),
        caveats=tuple(read_texts(item) for item in _some(entry, "caveats")),
        examples=(
            *(_example(item, comes_out=True) for item in examples.entries("match")),
            *(_example(item, comes_out=False) for item in examples.entries("refuse")),
        ),
    )
    for key in ("match", "refuse"):
        if not examples.plain(key):
            examples.fault(Phrase("a rule needs an example under “{key}”", key=key))
    examples.close()
    entry.close()
    _check_lengths(entry, pack, clock)
    return clock


def _some(entry: Entry, name: str) -> tuple[Entry, ...]:
    return entry.entries(name) if entry.has(name) else ()


def _word(entry: Entry, name: str, words: type[_Word], otherwise: _Word) -> _Word:
    value = entry.text(name, among=tuple(words))
    return words(value) if value in tuple(words) else otherwise


def _fact(entry: Entry) -> Fact:
    fact = Fact(
        id=entry.text("id"),
        names=entry.texts("names"),
        values=tuple(read_named(item) for item in entry.entries("values")),
    )
    entry.close()
    return fact


def _length(entry: Entry) -> Length:
    length = Length(
        when=_facts(entry, "when"),
        unit=_word(entry, "unit", Unit, Unit.DAYS),
        params=entry.words("params"),
        item=_number(entry, "item", lowest=0),
        early_item=_number(entry, "early_item", lowest=0),
        proposed=_number(entry, "proposed", lowest=1),
    )
    entry.close()
    return length


def _number(entry: Entry, name: str, *, lowest: int) -> int | None:
    return entry.number(name, lowest=lowest, highest=_HIGHEST) if entry.has(name) else None


def _facts(entry: Entry, name: str) -> Mapping[str, str]:
    if not entry.has(name):
        return _NO_CASE
    facts = entry.entry(name)
    return MappingProxyType({key: facts.text(key) for key in facts.keys()})  # noqa: SIM118 - no mapping


def _example(entry: Entry, *, comes_out: bool) -> ClockExample:
    example = ClockExample(
        start=str(entry.plain("start", "")),
        facts=_facts(entry, "facts"),
        due=str(entry.plain("due", "")),
        comes_out=comes_out,
        line=entry.line,
    )
    entry.close()
    return example


def _check_lengths(entry: Entry, pack: Pack, clock: ClockRule) -> None:
    """Tell of lengths that have no number, and of cases that no length or more than one is for."""
    if (clock.kind is ClockKind.AT_ONCE) == bool(clock.lengths):
        entry.fault(Phrase("a clock has lengths, unless what it tells is to be done at once"), at="kind")
    versions = [rule for rule in pack.rules if rule.id == clock.rule]
    if clock.rule and not versions:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=clock.rule), at="rule")
    for length in clock.lengths:
        if clock.rule == "" and length.proposed is None:
            entry.fault(Phrase("a length without a rule needs a proposed number"), at="lengths")
        if clock.rule and (length.proposed is not None or not length.params):
            entry.fault(Phrase("the numbers of a length are those of its rule"), at="lengths")
        for rule, name in product(versions, length.params):
            if not _is_number(rule.params.get(name), length):
                entry.fault(
                    Phrase("the rule {rule} has no number “{name}”", rule=rule.id, name=name), at="lengths"
                )
    names = [fact.id for fact in clock.facts]
    for chosen in product(*([value.id for value in fact.values] for fact in clock.facts)):
        case = dict(zip(names, chosen, strict=True))
        fitting = sum(length.when.items() <= case.items() for length in clock.lengths)
        if fitting != 1 and clock.lengths:
            told = ", ".join(f"{name}: {value}" for name, value in case.items())
            entry.fault(Phrase("exactly one length must be for the case “{case}”", case=told), at="lengths")


def _is_number(value: Plain, length: Length) -> bool:
    items = [item for item in (length.item, length.early_item) if item is not None]
    if isinstance(value, tuple):
        return bool(items) and max(items) < len(value) and all(isinstance(each, int) for each in value)
    return not items and isinstance(value, int) and not isinstance(value, bool)


def _check_examples(faults: Faults, path: str, clock: ClockRule, ask: Callable[[ClockExample], Due]) -> None:
    for example in clock.examples:
        try:
            found = _told(ask(example))
        except (InputError, ValueError) as refused:
            found = str(refused)
        if (found == example.due) == example.comes_out:
            continue
        text = (
            Phrase("the clock “{clock}” gives {found} for this example", clock=clock.id, found=found)
            if example.comes_out
            else Phrase("the clock “{clock}” gives what this example must refuse", clock=clock.id)
        )
        faults.add(path, example.line, text)


def _ask(pack: Pack, clock: ClockRule, zone: tzinfo, example: ClockExample) -> Due:
    return run(pack, clock, _start(example.start), zone=zone, facts=example.facts)


def _start(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _told(due: Due) -> str:
    """Return the last day, else the moment, else `at once`."""
    if due.last_day:
        return due.last_day.isoformat()
    return due.at.isoformat(timespec="minutes") if due.at else "at once"
