"""What a country asks after a breach of personal data: whom to tell, by when, in which words, and what to do.

    table, pack = load_breaches("jp"), load_pack("jp")
    facts = facts_of(pack, table, chosen=(), cause="attack", sensitive=False, persons=12, day=noticed_at)
    answers = [answer_of(pack, table, duty, facts, noticed_at) for duty in table.duties]

Source of the content: `breach.yaml` of each pack and of `world`; lengths are those of the pack's clocks.  A
number of persons that is not known counts as many.  Whether a fact is given is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.basis import Basis, Force, basis_on
from shoumi.engine.jurisdiction.clocks import Due, due, load_clocks
from shoumi.engine.jurisdiction.documents import Bilingual, filled, places_in
from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.pack import Named, Pack
from shoumi.engine.jurisdiction.reading import Entry, read_file, read_pack_file
from shoumi.engine.jurisdiction.rules import RuleNotInForceError, rule_at
from shoumi.engine.jurisdiction.values import Origin, Texts

FILE: Final = "breach.yaml"
FOLDER: Final = "world"
FIELDS: Final = (
    "what", "kinds", "persons", "cause", "harm", "response", "advice", "publication", "prevention", "other",
    "contact",
)  # fmt: skip
MANY: Final = "many"  # follows from the number of persons
IMPROPER: Final = "improper-purpose"
SENSITIVE: Final = "sensitive"
LETTER_PLACES: Final = frozenset({"company", "noticed"})


class Addressee(StrEnum):
    """Who is told."""

    AUTHORITY = "authority"
    PERSONS = "persons"


class Stage(StrEnum):
    """Whether it may still be incomplete."""

    PRELIMINARY = "preliminary"
    FINAL = "final"


class Owner(StrEnum):
    """Whose step of the playbook it is."""

    LEGAL = "legal"
    SECURITY = "security"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a breach happened."""

    id: str
    names: Texts
    improper: bool  # an improper purpose is possible


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a notice says, and the field of the record it comes from."""

    id: str
    names: Texts
    field: str


@dataclass(frozen=True, slots=True)
class PlaybookStep:
    """One step of the playbook."""

    id: str
    names: Texts
    owner: Owner


@dataclass(frozen=True, slots=True)
class ClockFact:
    """How a fact that a clock asks for follows from the facts of the breach."""

    fact: str
    cases: Mapping[str, str]  # fact of the breach → value; the first that is given counts
    otherwise: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody who must be told."""

    id: str
    names: Texts
    to: Addressee
    stage: Stage
    clock: str  # empty: promptly, without a number
    rule: str
    when: tuple[str, ...]  # due if one of these is given; empty: always
    unless: tuple[str, ...]
    clock_facts: tuple[ClockFact, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class BreachTable:
    """The words of every country together with what one country asks."""

    origin: Origin
    zone: ZoneInfo  # whose days and hours count
    facts: Mapping[str, Named]
    causes: Mapping[str, Cause]
    playbook: tuple[PlaybookStep, ...]
    many: tuple[str, str] | None  # rule and its number
    duties: tuple[Duty, ...]
    letters: Mapping[Addressee, Bilingual]

    def duty(self, duty_id: str) -> Duty | None:
        """Return one of the duties."""
        return next((duty for duty in self.duties if duty.id == duty_id), None)


@dataclass(frozen=True, slots=True)
class DutyAnswer:
    """Whether a duty falls due on these facts, because of which, and by when."""

    duty: Duty
    applies: bool
    because: tuple[str, ...]  # facts that bring it, or, if it does not apply, that free from it
    due: Due | None  # None: no clock, or the rule does not hold on that day
    basis: Basis | None  # None: the rule does not hold on that day


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Row = TypeVar("_Row", bound=_HasId)
_Word = TypeVar("_Word", bound=StrEnum)


@cache
def load_breaches(pack_id: str) -> BreachTable:
    """Return what a country asks after a breach; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: a file has faults; all are listed.
    """
    return read_breaches(pack_id)


def facts_of(  # noqa: PLR0913 - what the facts follow from, by name
    pack: Pack,
    table: BreachTable,
    *,
    chosen: Collection[str],
    cause: str,
    sensitive: bool,
    persons: int | None,
    day: datetime,
) -> frozenset[str]:
    """Return the facts that were given and those that follow from cause, kinds and number."""
    found = set(chosen) & table.facts.keys()
    if cause in table.causes and table.causes[cause].improper:
        found.add(IMPROPER)
    if sensitive:
        found.add(SENSITIVE)
    if table.many is not None:
        rule, param = table.many
        try:
            number = rule_at(pack, rule, day.astimezone(table.zone).date()).rule.params[param]
        except RuleNotInForceError:
            return frozenset(found)
        if persons is None or (isinstance(number, int) and persons > number):
            found.add(MANY)
    return frozenset(found)


def answer_of(
    pack: Pack, table: BreachTable, duty: Duty, facts: frozenset[str], noticed: datetime
) -> DutyAnswer:
    """Return whether and by when a duty falls due for a breach noticed at an aware moment."""
    freed = tuple(name for name in duty.unless if name in facts)
    brought = tuple(name for name in duty.when if name in facts)
    applies = not freed and (not duty.when or bool(brought))
    values = {
        each.fact: next((value for name, value in each.cases.items() if name in facts), each.otherwise)
        for each in duty.clock_facts
    }
    try:
        basis, _params = basis_on(pack, duty.rule, noticed.astimezone(table.zone).date(), Force.LAW)
        found = due(pack, duty.clock, noticed, zone=table.zone, facts=values) if duty.clock else None
    except RuleNotInForceError:
        return DutyAnswer(duty, applies=False, because=(), due=None, basis=None)
    return DutyAnswer(duty, applies, freed or brought, found, found.basis if found else basis)


def letter_of(
    table: BreachTable, duty: Duty, language: str, places: Mapping[str, str], values: Mapping[str, str]
) -> str:
    """Return a notice in `ja` or, otherwise, Chinese: its opening and every item, an empty one as a dash."""
    opening = filled(table.letters[duty.to].in_language(language), dict(places))
    key = "ja" if language == "ja" else "zh"
    lines = [
        f"{number}. {item.names.in_language(key)}\n{values.get(item.field, '').strip() or '—'}"
        for number, item in enumerate(duty.items, start=1)
    ]
    return "\n\n".join([opening, *lines])


def read_breaches(pack_id: str, root: Path | None = None) -> BreachTable:
    """Read both files; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError, PackFaultsError: as for `load_breaches`.
    """
    faults, _path, entry = read_pack_file(pack_id, FILE, root)
    faults.verify_none()
    text = (root or files("shoumi.packs")).joinpath(FOLDER).joinpath(FILE).read_text(encoding="utf-8")
    world = read_file(faults, f"{FOLDER}/{FILE}", text)
    world.quoted("source")
    world.status()
    facts = _by_id(world, (read_named(item) for item in world.entries("facts")))
    causes = _by_id(world, (_cause(item) for item in world.entries("causes")))
    items = _by_id(world, (_item(item) for item in world.entries("items")))
    playbook = _by_id(world, (_step(item) for item in world.entries("playbook")))
    world.close()
    pack = load_pack(pack_id, root)
    rules = {rule.id for rule in pack.rules}
    clocks = {clock.id for clock in load_clocks(pack_id).clocks}
    duties = _by_id(entry, (_duty(each, facts, items, clocks, rules) for each in entry.entries("duties")))
    table = BreachTable(
        origin=Origin(entry.quoted("source"), entry.status()),
        zone=_zone(entry),
        facts=facts,
        causes=causes,
        playbook=tuple(playbook.values()),
        many=_many(entry, pack) if entry.has("many") else None,
        duties=tuple(duties.values()),
        letters=_letters(entry.entry("letters")),
    )
    entry.close()
    faults.verify_none()
    return table


def _duty(
    entry: Entry,
    facts: Mapping[str, Named],
    items: Mapping[str, Item],
    clocks: set[str],
    rules: set[str],
) -> Duty:
    chosen = entry.words("items")
    duty = Duty(
        id=entry.text("id"),
        names=entry.texts("names"),
        to=_word(entry, "to", Addressee, Addressee.AUTHORITY),
        stage=_word(entry, "stage", Stage, Stage.PRELIMINARY),
        clock=entry.text("clock", ""),
        rule=entry.text("rule"),
        when=entry.words("when") if entry.has("when") else (),
        unless=entry.words("unless") if entry.has("unless") else (),
        clock_facts=tuple(_clock_fact(each) for each in entry.entries("clock_facts"))
        if entry.has("clock_facts")
        else (),
        items=tuple(items[each] for each in chosen if each in items),
    )
    cases = [name for each in duty.clock_facts for name in each.cases]
    for name in (*duty.when, *duty.unless, *cases):
        if name not in facts and name != MANY:
            entry.fault(Phrase("“{name}” is no fact of a breach", name=name))
    for name in chosen:
        if name not in items:
            entry.fault(Phrase("“{name}” is no item of a notice", name=name), at="items")
    if duty.rule not in rules:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=duty.rule), at="rule")
    if duty.clock and duty.clock not in clocks:
        entry.fault(Phrase("the clock “{clock}” is not in this pack", clock=duty.clock), at="clock")
    entry.close()
    return duty


def _clock_fact(entry: Entry) -> ClockFact:
    cases = entry.entry("cases")
    named = {name: cases.text(name) for name in cases.keys()}  # noqa: SIM118 - no mapping
    found = ClockFact(entry.text("fact"), MappingProxyType(named), entry.text("otherwise"))
    entry.close()
    return found


def _many(entry: Entry, pack: Pack) -> tuple[str, str]:
    inner = entry.entry("many")
    found = (inner.text("rule"), inner.text("param"))
    inner.close()
    params = [rule.params for rule in pack.rules if rule.id == found[0]]
    if not params or any(not isinstance(each.get(found[1]), int) for each in params):
        entry.fault(Phrase("the rule {rule} has no number “{name}”", rule=found[0], name=found[1]), at="many")
    return found


def _letters(entry: Entry) -> Mapping[Addressee, Bilingual]:
    found = {}
    for addressee in Addressee:
        inner = entry.entry(addressee)
        text = Bilingual(zh=inner.text("zh").strip(), ja=inner.text("ja").strip())
        for place in {*places_in(text.zh), *places_in(text.ja)} - LETTER_PLACES:
            inner.fault(Phrase("the place {place} is not known", place=place))
        inner.close()
        found[addressee] = text
    entry.close()
    return MappingProxyType(found)


def _cause(entry: Entry) -> Cause:
    found = Cause(entry.text("id"), entry.texts("names"), entry.flag("improper", default=False))
    entry.close()
    return found


def _item(entry: Entry) -> Item:
    found = Item(entry.text("id"), entry.texts("names"), entry.text("field", among=FIELDS))
    entry.close()
    return found


def _step(entry: Entry) -> PlaybookStep:
    found = PlaybookStep(entry.text("id"), entry.texts("names"), _word(entry, "owner", Owner, Owner.BOTH))
    entry.close()
    return found


def _word(entry: Entry, name: str, words: type[_Word], otherwise: _Word) -> _Word:
    value = entry.text(name, among=tuple(words))
    return words(value) if value in tuple(words) else otherwise


def _zone(entry: Entry) -> ZoneInfo:
    name = entry.text("zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        entry.fault(Phrase("there is no time zone “{name}”", name=name), at="zone")
        return ZoneInfo("UTC")


def _by_id(entry: Entry, rows: Iterable[_Row]) -> Mapping[str, _Row]:
    found: dict[str, _Row] = {}
    for row in rows:
        if row.id in found:
            entry.fault(Phrase("the id {id} stands twice", id=row.id))
        found[row.id] = row
    return MappingProxyType(found)
