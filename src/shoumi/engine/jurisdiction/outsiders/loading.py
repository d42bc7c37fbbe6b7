"""Loads what a pack says about outsiders from its `outsiders.yaml`, once.

All faults of the file are told together.  Examples in it are run by the tests.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources.abc import Traversable

from shoumi.engine.jurisdiction.entries import read_days
from shoumi.engine.jurisdiction.outsiders.values import (
    AddressingRule,
    Assessment,
    Benchmark,
    CheckItem,
    LeakSignal,
    Offence,
    OutsiderPack,
    Purpose,
    Question,
    SelfCheck,
    ThreatActor,
)
from shoumi.engine.jurisdiction.reading import Entry, read_pack_file
from shoumi.engine.jurisdiction.values import Origin

FILE = "outsiders.yaml"
_HEAVIEST = 10
_PERCENT = 100


@cache
def load_outsiders(pack_id: str) -> OutsiderPack:
    """Return what the pack of a country says about outsiders; read once per process.

    Raises:
        PackFaultsError: the file has faults; all of them are listed.
    """
    return read_outsiders(pack_id)


def read_outsiders(pack_id: str, root: Traversable | None = None) -> OutsiderPack:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        PackFaultsError: as for `load_outsiders`.
    """
    faults, path, entry = read_pack_file(pack_id, FILE, root)
    assessment, check, actors = (entry.entry(name) for name in ("assessment", "self_check", "threat_actors"))
    pack = OutsiderPack(
        id=pack_id,
        origin=Origin(entry.quoted("source"), entry.status()),
        addressing=tuple(_rule(item) for item in entry.entries("addressing")),
        assessment=Assessment(
            pass_at=assessment.number("pass_at", lowest=1, highest=_PERCENT),
            questions=tuple(_question(item) for item in assessment.entries("questions")),
        ),
        self_check=SelfCheck(
            id=check.text("id"),
            names=check.texts("names"),
            items=tuple(_item(item) for item in check.entries("items")),
        ),
        actors_origin=Origin(actors.quoted("source"), actors.status()),
        threat_actors=tuple(_actor(item) for item in actors.entries("entries")),
        offences=tuple(_offence(item) for item in entry.entries("offences")),
        benchmarks=tuple(_benchmark(item) for item in entry.entries("benchmarks")),
        leak_signals=tuple(_signal(item) for item in entry.entries("leak_signals")),
    )
    for part in (assessment, check, actors, entry):
        part.close()
    for ids in (
        [question.id for question in pack.assessment.questions],
        [item.id for item in pack.self_check.items],
        [offence.id for offence in pack.offences],
    ):
        for twice in (name for name, count in Counter(ids).items() if count > 1):
            faults.add(path, None, f"the id {twice} stands twice")
    for one in pack.addressing:
        for other in pack.addressing:
            if one is not other and one.worker == other.worker and one.period.overlaps(other.period):
                faults.add(path, None, f"two rules on {one.worker} hold on the same day")
    faults.verify_none()
    return pack


def _rule(entry: Entry) -> AddressingRule:
    entry.plain("examples")
    purposes = entry.words("by_name")
    for unknown in set(purposes) - set(Purpose):
        entry.fault(f"{unknown} is no purpose", at="by_name")
    rule = AddressingRule(
        worker=entry.text("worker"),
        names=entry.texts("names"),
        period=read_days(entry.entry("in_force")),
        by_name=frozenset(Purpose(word) for word in purposes if word in set(Purpose)),
        reason=entry.texts("reason"),
        cite=entry.text("cite"),
        status=entry.status(),
    )
    entry.close()
    return rule


def _question(entry: Entry) -> Question:
    question = Question(
        id=entry.text("id"),
        names=entry.texts("names"),
        hint=entry.texts("hint"),
        weight=entry.number("weight", lowest=1, highest=_HEAVIEST),
        proof=entry.flag("proof", default=False),
    )
    entry.close()
    return question


def _item(entry: Entry) -> CheckItem:
    item = CheckItem(entry.text("id"), entry.texts("names"), entry.text("cite"), entry.status())
    entry.close()
    return item


def _actor(entry: Entry) -> ThreatActor:
    actor = ThreatActor(entry.text("id"), entry.texts("names"), entry.texts("note"))
    entry.close()
    return actor


def _offence(entry: Entry) -> Offence:
    offence = Offence(
        id=entry.text("id"),
        names=entry.texts("names"),
        who=entry.texts("who"),
        cite=entry.text("cite"),
        rule=entry.text("rule"),
        status=entry.status(),
    )
    entry.close()
    return offence


def _benchmark(entry: Entry) -> Benchmark:
    benchmark = Benchmark(
        id=entry.text("id"),
        names=entry.texts("names"),
        percent=entry.number("percent", lowest=0, highest=_PERCENT),
        source=entry.quoted("source"),
        status=entry.status(),
    )
    entry.close()
    return benchmark


def _signal(entry: Entry) -> LeakSignal:
    signal = LeakSignal(entry.text("id"), entry.texts("names"), entry.quoted("source"), entry.status())
    entry.close()
    return signal
