"""Reads a pack's `training.yaml` and tells its faults by file and line.

Source of the content: the file, with rules named by id from the same pack.  Whether a question is good is for
people to read; here it has different options, a right one and a wrong one, an explanation and a source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.reading import Entry, read_pack_file
from shoumi.engine.jurisdiction.training.values import (
    Audience,
    ContentPart,
    LeakType,
    Question,
    TrainingTable,
)
from shoumi.engine.jurisdiction.values import Origin

FILE: Final = "training.yaml"
_FEWEST: Final = 2  # options of a question


@cache
def load_training(pack_id: str) -> TrainingTable:
    """Return the training of a country; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the file has faults; all are listed.
    """
    return read_training(pack_id)


def read_training(pack_id: str, root: Path | None = None) -> TrainingTable:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: as for `load_training`.
    """
    rules = {rule.id for rule in load_pack(pack_id, root).rules}
    faults, _path, entry = read_pack_file(pack_id, FILE, root)
    faults.verify_none()
    parts = tuple(_part(item) for item in entry.entries("parts"))
    known = {part.id for part in parts}
    leaks = tuple(_leak(item) for item in entry.entries("leaks"))
    table = TrainingTable(
        pack=pack_id,
        origin=Origin(entry.quoted("source"), entry.status()),
        language=entry.text("language", among=("zh", "ja")),
        pass_percent=entry.number("pass_percent", lowest=1, highest=100),
        tries=entry.number("tries", lowest=1, highest=20),
        valid_months=entry.number("valid_months", lowest=1, highest=120),
        draw=entry.number("draw", lowest=1, highest=100),
        parts=parts,
        audiences=tuple(_audience(item, known) for item in entry.entries("audiences")),
        leaks=leaks,
        questions=tuple(
            _question(item, known, {leak.id for leak in leaks}, rules) for item in entry.entries("questions")
        ),
    )
    entry.close()
    _twice(entry, "parts", (each.id for each in table.parts))
    _twice(entry, "audiences", (each.id for each in table.audiences))
    _twice(entry, "leaks", (each.id for each in table.leaks))
    _twice(entry, "questions", (each.id for each in table.questions))
    for part in known - {question.part for question in table.questions}:
        entry.fault(Phrase("no question is about “{part}”", part=part), at="questions")
    faults.verify_none()
    return table


def _twice(entry: Entry, name: str, ids: Iterable[str]) -> None:
    for twice in (id_ for id_, count in Counter(ids).items() if count > 1):
        entry.fault(Phrase("the id {id} stands twice", id=twice), at=name)


def _part(entry: Entry) -> ContentPart:
    part = ContentPart(entry.text("id"), entry.texts("names"), entry.text("source"), entry.status())
    entry.close()
    return part


def _leak(entry: Entry) -> LeakType:
    leak = LeakType(entry.text("id"), entry.texts("names"), entry.texts("meaning"), entry.text("source"))
    entry.close()
    return leak


def _audience(entry: Entry, parts: set[str]) -> Audience:
    audience = Audience(
        id=entry.text("id"),
        names=entry.texts("names"),
        parts=entry.words("parts"),
        source=entry.text("source"),
        status=entry.status(),
    )
    for part in audience.parts:
        if part not in parts:
            entry.fault(Phrase("“{name}” is not known here", name=part), at="parts")
    if not audience.parts:
        entry.fault(Phrase("an audience is taught something"), at="parts")
    entry.close()
    return audience


def _question(entry: Entry, parts: set[str], leaks: set[str], rules: set[str]) -> Question:
    right = entry.plain("right")
    indexes = [each for each in right if isinstance(each, int)] if isinstance(right, tuple) else []
    question = Question(
        id=entry.text("id"),
        part=entry.text("part", among=tuple(sorted(parts))),
        leak=entry.text("leak", "", among=tuple(sorted(leaks))) if entry.has("leak") else "",
        text=entry.text("q"),
        options=entry.words("options"),
        right=frozenset(indexes),
        explanation=entry.text("why"),
        source=entry.text("source"),
        rule=entry.text("rule", ""),
    )
    count = len(question.options)
    if count < _FEWEST or len(set(question.options)) != count:
        entry.fault(Phrase("a question has different options, at least two"), at="options")
    if not 0 < len(question.right) < max(count, 1) or not question.right <= set(range(count)):
        entry.fault(Phrase("“right” names at least one option, counted from 0, and not all"), at="right")
    if question.rule and question.rule not in rules:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=question.rule), at="rule")
    entry.close()
    return question
