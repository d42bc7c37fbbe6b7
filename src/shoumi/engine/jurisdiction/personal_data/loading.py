"""Reads `personal_data.yaml` of a country and of the world, and tells their faults by file and line.

Source of the content: the two files, with rules named by id from the same pack and clocks from its
`clocks.yaml`.  Deciding is `judging`'s task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction import reading
from shoumi.engine.jurisdiction.clocks import load_clocks
from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.personal_data.values import (
    PROOFS,
    DataKind,
    Entry,
    Never,
    PersonalDataTable,
    Retention,
)
from shoumi.engine.jurisdiction.values import Origin

FILE: Final = "personal_data.yaml"
FOLDER: Final = "world"


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_HasId)


@cache
def load_personal_data(pack_id: str) -> PersonalDataTable:
    """Return what a country asks of processings; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: a file has faults; all are listed.
    """
    return read_personal_data(pack_id)


def read_personal_data(pack_id: str, root: Path | None = None) -> PersonalDataTable:
    """Read both files; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError, PackFaultsError: as for `load_personal_data`.
    """
    faults, _path, entry = reading.read_pack_file(pack_id, FILE, root)
    faults.verify_none()
    packs = root or files("shoumi.packs")
    text = packs.joinpath(FOLDER).joinpath(FILE).read_text(encoding="utf-8")
    world = reading.read_file(faults, f"{FOLDER}/{FILE}", text)
    world.quoted("source")
    world.status()
    kinds = _by_id(world, (_kind(item) for item in world.entries("kinds")))
    purposes = _by_id(world, (read_named(item) for item in world.entries("purposes")))
    never = tuple(_never(item, kinds, purposes) for item in world.entries("never"))
    world.close()
    pack = load_pack(pack_id, root)
    rules = {rule.id for rule in pack.rules}
    clocks = {clock.id for clock in load_clocks(pack_id).clocks}
    sensitive = entry.words("sensitive")
    breach_clocks = entry.words("breach_clocks")
    groups = {
        name: _by_id(entry, (_entry(item, rules) for item in entry.entries(name)))
        for name in ("bases", "traits", "rights", "ways")
    }
    for name in [*sensitive, *breach_clocks]:
        if name not in kinds and name not in clocks:
            entry.fault(Phrase("“{name}” is no kind of data and no clock", name=name))
    for trait in groups["traits"].values():
        for basis in trait.unless:
            if basis not in groups["bases"]:
                entry.fault(Phrase("“{name}” is no basis", name=basis), at="traits")
    if "sensitive" not in groups["traits"]:
        entry.fault(Phrase("the trait “sensitive” is missing"), at="traits")
    retention = {
        item.kind: item for item in (_retention(each, kinds, pack) for each in entry.entries("retention"))
    }
    origin = Origin(entry.quoted("source"), entry.status())
    entry.close()
    faults.verify_none()
    return PersonalDataTable(
        origin=origin,
        kinds=kinds,
        purposes=purposes,
        never=never,
        sensitive=frozenset(sensitive),
        bases=groups["bases"],
        traits=groups["traits"],
        rights=groups["rights"],
        ways=groups["ways"],
        breach_clocks=breach_clocks,
        retention=MappingProxyType(retention),
    )


def _kind(entry: reading.Entry) -> DataKind:
    kind = DataKind(
        id=entry.text("id"),
        names=entry.texts("names"),
        content=entry.flag("content", default=False),
        own_consent=entry.flag("own_consent", default=False),
    )
    entry.close()
    return kind


def _never(entry: reading.Entry, kinds: Mapping[str, object], purposes: Mapping[str, object]) -> Never:
    found = Never(
        kind=entry.text("kind", among=tuple(kinds)),
        purpose=entry.text("purpose", among=tuple(purposes)),
        because=entry.texts("because"),
    )
    entry.close()
    return found


def _entry(entry: reading.Entry, rules: set[str]) -> Entry:
    found = Entry(
        id=entry.text("id"),
        names=entry.texts("names"),
        rule=entry.text("rule", ""),
        consent=entry.flag("consent", default=False),
        assessment=entry.flag("assessment", default=False),
        unless=entry.words("unless") if entry.has("unless") else (),
        needs=entry.words("needs") if entry.has("needs") else (),
    )
    if found.rule and found.rule not in rules:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=found.rule), at="rule")
    for name in set(found.needs) - set(PROOFS):
        entry.fault(Phrase("“{name}” is no record of a way across the border", name=name), at="needs")
    entry.close()
    return found


def _retention(entry: reading.Entry, kinds: Mapping[str, object], pack: Pack) -> Retention:
    found = Retention(
        kind=entry.text("kind", among=tuple(kinds)),
        after=entry.texts("after"),
        rule=entry.text("rule", ""),
        param=entry.text("param", ""),
    )
    numbers = [rule.params.get(found.param) for rule in pack.rules if rule.id == found.rule]
    if found.rule and not (numbers and all(isinstance(number, int) for number in numbers)):
        fault = Phrase("the rule {rule} has no number “{name}”", rule=found.rule, name=found.param)
        entry.fault(fault, at="rule")
    entry.close()
    return found


def _by_id(entry: reading.Entry, items: Iterable[_Item]) -> Mapping[str, _Item]:
    found: dict[str, _Item] = {}
    for item in items:
        if item.id in found:
            entry.fault(Phrase("the id {id} stands twice", id=item.id))
        found[item.id] = item
    return MappingProxyType(found)
