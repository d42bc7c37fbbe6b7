"""What a pack says about running the protection: duties, fields of work, how a rule becomes binding.

Source of the content: `governance.yaml` of each pack, read once.  It names the steps; whether one was taken
is recorded elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType

from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.reading import Entry, read_pack_file
from shoumi.engine.jurisdiction.values import Origin, Status, Texts

FILE = "governance.yaml"
WHEN = ("before", "publication", "after")


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One step on the way to a rule that binds staff."""

    id: str
    names: Texts
    hint: Texts  # what is recorded, and with whom
    when: str  # `before` the publication, the `publication` itself, or `after` it
    on_final_text: bool  # whether it must be about the very words that are published
    waivable: bool  # whether it may be recorded as not required here, with the reason


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a rule of the company becomes binding on its staff."""

    cite: str
    status: Status
    note: Texts
    steps: tuple[ProcedureStep, ...]


@dataclass(frozen=True, slots=True)
class ManagementField:
    """One field of the work, with the rooms of the console and the rule documents that belong to it."""

    id: str
    names: Texts
    rooms: tuple[str, ...]  # names of addresses
    documents: tuple[str, ...]  # ids of rule documents


@dataclass(frozen=True, slots=True)
class Governance:
    """The whole file."""

    origin: Origin
    duties: tuple[Named, ...]
    fields: tuple[ManagementField, ...]
    fields_source: Texts
    procedure: Procedure
    negligence_words: Mapping[str, tuple[tuple[str, ...], ...]]  # by language: a word of each group

    def names_negligence(self, text: str, language: str) -> bool:
        """Return whether `text` names a leak by negligence as a breach: it has a word of each group."""
        return all(any(word in text for word in group) for group in self.negligence_words[language])


@cache
def load_governance(pack_id: str) -> Governance:
    """Return what the pack of a country says about running the protection; read once per process.

    Raises:
        PackFaultsError: the file has faults; all of them are listed.
    """
    return read_governance(pack_id)


def read_governance(pack_id: str, root: Traversable | None = None) -> Governance:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        PackFaultsError: as for `load_governance`.
    """
    faults, path, entry = read_pack_file(pack_id, FILE, root)
    procedure, negligence = entry.entry("procedure"), entry.entry("negligence_words")
    governance = Governance(
        origin=Origin(entry.quoted("source"), entry.status()),
        duties=tuple(_named(item) for item in entry.entries("duties")),
        fields=tuple(_field(item) for item in entry.entries("fields")),
        fields_source=entry.quoted("fields_source"),
        procedure=Procedure(
            cite=procedure.text("cite"),
            status=procedure.status(),
            note=procedure.texts("note"),
            steps=tuple(_step(item) for item in procedure.entries("steps")),
        ),
        negligence_words=MappingProxyType(
            {code: tuple(_group(item) for item in negligence.entries(code)) for code in ("zh", "ja")}
        ),
    )
    procedure.close()
    negligence.close()
    entry.close()
    if [step.when for step in governance.procedure.steps].count("publication") != 1:
        faults.add(path, None, "the procedure has exactly one step that is the publication")
    faults.verify_none()
    return governance


def _named(entry: Entry) -> Named:
    named = Named(id=entry.text("id"), names=entry.texts("names"))
    entry.close()
    return named


def _group(entry: Entry) -> tuple[str, ...]:
    words = entry.words("any")
    entry.close()
    return words


def _field(entry: Entry) -> ManagementField:
    found = ManagementField(
        id=entry.text("id"),
        names=entry.texts("names"),
        rooms=entry.words("rooms"),
        documents=entry.words("documents"),
    )
    entry.close()
    return found


def _step(entry: Entry) -> ProcedureStep:
    step = ProcedureStep(
        id=entry.text("id"),
        names=entry.texts("names"),
        hint=entry.texts("hint"),
        when=entry.text("when", among=WHEN),
        on_final_text=entry.flag("on_final_text", default=False),
        waivable=entry.flag("waivable", default=False),
    )
    entry.close()
    return step
