"""Reads a pack's `procedures.yaml`, tells its faults by file and line, and runs its examples.

Source of the content: the file, with rules and clocks named by id from the same pack.  An example that does
not come out is a fault of the file.  Planning is `planning`'s task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.clocks import read_clocks
from shoumi.engine.jurisdiction.entries import read_named
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.pack import Named, Pack
from shoumi.engine.jurisdiction.procedures.changes import circle_of, reaches_person
from shoumi.engine.jurisdiction.procedures.days import Moment
from shoumi.engine.jurisdiction.procedures.facts import check_facts
from shoumi.engine.jurisdiction.procedures.planning import make_plan
from shoumi.engine.jurisdiction.procedures.steps import StepReader, read_pairs
from shoumi.engine.jurisdiction.procedures.values import (
    CaseExample,
    CaseFact,
    CaseKind,
    CaseStep,
    Detector,
    EvidenceKind,
    Gate,
    NamedDay,
    Parameter,
    ProcedureTable,
    Variant,
)
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_pack_file
from shoumi.engine.jurisdiction.values import Origin

FILE: Final = "procedures.yaml"
_HIGHEST: Final = 1_000_000


@cache
def load_procedures(pack_id: str) -> ProcedureTable:
    """Return the procedures of a country; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the file has faults, or its examples do not come out; all are listed.
    """
    return read_procedures(pack_id)


def read_procedures(pack_id: str, root: Path | None = None) -> ProcedureTable:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: as for `load_procedures`.
    """
    pack = load_pack(pack_id, root)
    clocks = {clock.id: clock for clock in read_clocks(pack_id, root).clocks}
    faults, path, entry = read_pack_file(pack_id, FILE, root)
    faults.verify_none()
    zone = _zone(entry)
    facts = {fact.id: fact for fact in map(_fact, entry.entries("facts"))}
    days = {day.id: day for day in map(_day, entry.entries("days"))}
    parties = _named(entry, "parties")
    groups = _named(entry, "groups")
    logs = _named(entry, "logs")
    detectors = tuple(_detector(item, logs) for item in entry.entries("detectors"))
    evidence, gates = _named(entry, "evidence"), _named(entry, "gates")
    for name, given, wanted in (
        ("evidence", evidence, tuple(EvidenceKind)),
        ("gates", gates, tuple(Gate)),
    ):
        if tuple(given) != wanted:
            entry.fault(
                Phrase("“{name}” must be exactly {known}", name=name, known=", ".join(wanted)), at=name
            )
    reader = StepReader(pack, facts, days, parties, groups, clocks, detectors)
    steps = _once(entry, "steps", (reader.step(item) for item in entry.entries("steps")))
    table = ProcedureTable(
        pack=pack_id,
        origin=Origin(entry.quoted("source"), entry.status()),
        proposals=entry.texts("proposals"),
        witnesses=entry.number("witnesses", lowest=2, highest=9),
        facts=MappingProxyType(facts),
        days=MappingProxyType(days),
        parties=MappingProxyType(parties),
        evidence=MappingProxyType(
            {EvidenceKind(name): each for name, each in evidence.items() if name in tuple(EvidenceKind)}
        ),
        gates=MappingProxyType({Gate(name): each for name, each in gates.items() if name in tuple(Gate)}),
        groups=MappingProxyType(groups),
        logs=MappingProxyType(logs),
        detectors=detectors,
        agreements=MappingProxyType(_agreements(entry, steps)),
        training=_trained(entry, steps),
        kinds=MappingProxyType(
            {kind.id: kind for kind in (_kind(item, steps, pack, parties) for item in entry.entries("kinds"))}
        ),
        clocks=MappingProxyType(clocks),
    )
    entry.close()
    faults.verify_none()
    for kind in table.kinds.values():
        _check_variants(faults, path, table, kind)
        for example in kind.examples:
            for fault in _faults_of(pack, table, kind, example, zone):
                faults.add(path, example.line, fault)
    faults.verify_none()
    return table


def _zone(entry: Entry) -> tzinfo:
    name = entry.text("example_zone", "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        entry.fault(Phrase("there is no time zone “{name}”", name=name), at="example_zone")
        return UTC


def _named(entry: Entry, name: str) -> dict[str, Named]:
    found = [read_named(item) for item in entry.entries(name)]
    _twice(entry, name, (each.id for each in found))
    return {each.id: each for each in found}


def _once(entry: Entry, name: str, steps: Iterable[CaseStep]) -> dict[str, CaseStep]:
    found = tuple(steps)
    _twice(entry, name, (step.id for step in found))
    return {step.id: step for step in found}


def _agreements(entry: Entry, steps: Mapping[str, CaseStep]) -> dict[str, str]:
    """Return which kind of agreement satisfies which step; only a form is satisfied by one."""
    found = read_pairs(entry, "agreements")
    for name in found:
        if name not in steps or steps[name].evidence is not EvidenceKind.FORM:
            entry.fault(Phrase("“{name}” is no step that is signed", name=name), at="agreements")
    return dict(found)


def _trained(entry: Entry, steps: Mapping[str, CaseStep]) -> tuple[str, ...]:
    """Return the steps that a training certificate satisfies; it stands for a file."""
    found = entry.words("training")
    for name in found:
        if name not in steps or steps[name].evidence is not EvidenceKind.FILE:
            entry.fault(Phrase("“{name}” is no step that a file proves", name=name), at="training")
    return found


def _twice(entry: Entry, name: str, ids: Iterable[str]) -> None:
    for twice in (id_ for id_, count in Counter(ids).items() if count > 1):
        entry.fault(Phrase("the id {id} stands twice", id=twice), at=name)


def _fact(entry: Entry) -> CaseFact:
    fact = CaseFact(
        id=entry.text("id"),
        names=entry.texts("names"),
        values=tuple(read_named(item) for item in entry.entries("values")),
    )
    entry.close()
    return fact


def _day(entry: Entry) -> NamedDay:
    day = NamedDay(
        id=entry.text("id"),
        names=entry.texts("names"),
        at_end=entry.flag("at_end", default=False),
        not_before=entry.text("not_before", ""),
    )
    entry.close()
    return day


def _detector(entry: Entry, logs: Mapping[str, Named]) -> Detector:
    detector = Detector(
        id=entry.text("id"),
        names=entry.texts("names"),
        needs=entry.words("needs"),
        parameters=tuple(_parameter(item) for item in entry.entries("parameters")),
    )
    for log in detector.needs:
        if log not in logs:
            entry.fault(Phrase("“{name}” is not known here", name=log), at="needs")
    entry.close()
    return detector


def _parameter(entry: Entry) -> Parameter:
    parameter = Parameter(
        id=entry.text("id"),
        names=entry.texts("names"),
        default=entry.number("proposed", lowest=0, highest=_HIGHEST),
        lowest=entry.number("lowest", lowest=0, highest=_HIGHEST),
        highest=entry.number("highest", lowest=0, highest=_HIGHEST),
    )
    if not parameter.lowest <= parameter.default <= parameter.highest:
        entry.fault(Phrase("the proposed number must lie within its bounds"), at="proposed")
    entry.close()
    return parameter


def _kind(
    entry: Entry, library: Mapping[str, CaseStep], pack: Pack, parties: Mapping[str, Named]
) -> CaseKind:
    names = entry.words("steps")
    for name in names:
        if name not in library:
            entry.fault(Phrase("“{name}” is not known here", name=name), at="steps")
    kind = CaseKind(
        id=entry.text("id"),
        names=entry.texts("names"),
        note=entry.texts("note"),
        through=entry.text("through", ""),
        rule=entry.text("rule", ""),
        variants=tuple(_variant(item) for item in entry.entries("variants")) if entry.has("variants") else (),
        steps=tuple(library[name] for name in names if name in library),
        examples=tuple(_example(item) for item in entry.entries("examples")),
    )
    if kind.through and kind.through not in parties:
        entry.fault(Phrase("“{name}” is not known here", name=kind.through), at="through")
    if kind.rule and kind.rule not in {rule.id for rule in pack.rules}:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=kind.rule), at="rule")
    if circle := circle_of(kind.steps):
        entry.fault(Phrase("the step “{step}” waits for itself", step=circle), at="steps")
    for step in kind.steps:
        if kind.through and reaches_person(step):
            entry.fault(Phrase("the step “{step}” is addressed to the worker", step=step.id), at="steps")
    if not kind.examples:
        entry.fault(Phrase("a kind of case needs examples"), at="examples")
    entry.close()
    return kind


def _variant(entry: Entry) -> Variant:
    variant = Variant(entry.text("id"), entry.texts("names"), read_pairs(entry, "facts"))
    entry.close()
    return variant


def _example(entry: Entry) -> CaseExample:
    example = CaseExample(
        facts=read_pairs(entry, "facts"),
        days=read_pairs(entry, "days"),
        present=entry.words("present"),
        absent=entry.words("absent"),
        due=read_pairs(entry, "due"),
        line=entry.line,
    )
    entry.close()
    return example


def _check_variants(faults: Faults, path: str, table: ProcedureTable, kind: CaseKind) -> None:
    for variant in kind.variants:
        try:
            check_facts(table.facts, variant.facts)
        except InputError as refused:
            faults.add(path, None, str(refused))


def _faults_of(
    pack: Pack, table: ProcedureTable, kind: CaseKind, example: CaseExample, zone: tzinfo
) -> Iterator[str]:
    """Yield in what an example does not come out."""
    try:
        days = {name: _start(text) for name, text in example.days.items()}
        found = make_plan(pack, table, kind.id, example.facts, days, zone=zone)
    except (InputError, ValueError) as refused:
        yield str(refused)
        return
    dues = {each.id: told(each.due) for each in found.steps}
    here = dues.keys() | {each.step.id for each in found.steps}
    for name in example.present:
        if name not in here:
            yield Phrase("the step “{step}” is not in the plan", step=name)
    for name in example.absent:
        if name in here:
            yield Phrase("the plan has the step “{step}”", step=name)
        elif name not in {step.id for step in kind.steps}:
            yield Phrase("“{name}” is not known here", name=name)
    for name, due in example.due.items():
        if dues.get(name) != due:
            yield Phrase("the step “{step}” is due {found}", step=name, found=dues.get(name, "–"))


def _start(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def told(due: Moment) -> str:
    """Return the last day, else the moment, else what is missing, in the words of an example."""
    if due.missing_day or due.missing_fact:
        return f"missing {due.missing_day or due.missing_fact}"
    if due.last_day:
        return due.last_day.isoformat()
    return due.at.isoformat(timespec="minutes") if due.at else "never"
