"""What a case of a person is made of: facts, named days, steps with their conditions, kinds, detectors.

The shapes are our own; the content is that of the packs' `procedures.yaml`.  Roles are written as the policy
writes them, parties are those a pack names.  Nothing is read or computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shoumi.engine.jurisdiction.clocks import ClockRule
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.values import Origin, Status, Texts

PERSON: Final = "person"  # the party whom the case is about
RECEIVER: Final = "receiver"  # the party to whom something is handed over

Condition = Mapping[str, tuple[str, ...]]  # fact → values, of which one must be given; all facts must fit


class EvidenceKind(StrEnum):
    """What proves that a step was taken."""

    TALK = "talk"  # a record of a talk
    CHECKLIST = "checklist"  # a list, checked item by item
    FORM = "form"  # signed by named parties
    MEASURED = "measured"  # a list whose items each have the moment at which they were done
    FILE = "file"
    STATEMENT = "statement"
    LOG = "log"  # of a system
    DECISION = "decision"


class Gate(StrEnum):
    """What must not happen before the steps that stand in its way are satisfied."""

    ACCESS = "access"  # the start of access
    POST = "post"  # taking the post
    CERTIFICATE = "certificate"
    END = "end"  # of the case


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What a step may depend on."""

    id: str
    names: Texts
    values: tuple[Named, ...]

    def value(self, id_: str) -> Named:
        """Return the value `id_`, which is known to be one."""
        return next(value for value in self.values if value.id == id_)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day of a case from which something is counted."""

    id: str
    names: Texts
    at_end: bool  # which moment a day without a time stands for: its end, else its beginning
    not_before: str  # another day, or empty


@dataclass(frozen=True, slots=True)
class DueRule:
    """When something is due: counted from a named day in days or hours, or as a clock of the pack runs."""

    day: str
    days: int | None = None
    hours: int | None = None
    clock: str = ""
    facts: Mapping[str, str] | None = None  # fact of the clock → fact of the case
    when: tuple[Condition, ...] = ()  # one of them must surely fit; empty: for every case


@dataclass(frozen=True, slots=True)
class Repeat:
    """That a step comes again every so many months after its day, and until when."""

    months: int
    until: DueRule


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case."""

    id: str
    names: Texts
    records: Texts  # what is recorded
    evidence: EvidenceKind
    owner: str  # a role of the policy
    source: str
    status: Status
    rule: str = ""  # of the pack, empty if none is recorded
    items: tuple[Named, ...] = ()  # of a list
    persons: int = 1  # how many do it together
    barred: tuple[str, ...] = ()  # parties who may not do it
    parties: tuple[str, ...] = ()  # who must be named before it can be done
    signers: tuple[str, ...] = ()  # parties, each another person
    refusable: bool = False  # whether a refused signature with witnesses satisfies it
    due: tuple[DueRule, ...] = ()  # the first that fits
    repeat: Repeat | None = None
    measured_from: tuple[DueRule, ...] = ()  # likewise; of a MEASURED step
    gates: tuple[Gate, ...] = ()  # what it stands in the way of
    needs: Gate | None = None  # what must be open before it
    after: tuple[str, ...] = ()  # steps
    group: str = ""  # steps of one group run side by side
    when: tuple[Condition, ...] = ()  # one of them must fit; empty: in every case of the kind
    mandatory: bool = True  # whether leaving it out needs a reason


@dataclass(frozen=True, slots=True)
class Variant:
    """A usual case of a kind, with the facts that make it one."""

    id: str
    names: Texts
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseExample:
    """An invented case with what must come out."""

    facts: Mapping[str, str]
    days: Mapping[str, str]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    due: Mapping[str, str]  # step → last day, or the moment to the minute, or `missing DAY`
    line: int


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One kind of case, such as leaving."""

    id: str
    names: Texts
    note: Texts
    through: str  # a party to whom everything goes instead of the person; empty: to the person
    rule: str  # why it goes through somebody; empty likewise
    variants: tuple[Variant, ...]
    steps: tuple[CaseStep, ...]
    examples: tuple[CaseExample, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a detector; its value is a proposal."""

    id: str
    names: Texts
    default: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Detector:
    """One thing the look-back looks for, what records it needs, and its numbers."""

    id: str
    names: Texts
    needs: tuple[str, ...]  # kinds of records, of `ProcedureTable.logs`
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class ProcedureTable:
    """The whole file of a country."""

    pack: str
    origin: Origin
    proposals: Texts  # what is said of every number that is no law's
    witnesses: int  # of a refused signature, different persons
    facts: Mapping[str, CaseFact]
    days: Mapping[str, NamedDay]
    parties: Mapping[str, Named]
    evidence: Mapping[EvidenceKind, Named]
    gates: Mapping[Gate, Named]
    groups: Mapping[str, Named]
    logs: Mapping[str, Named]  # kinds of records that detectors need
    detectors: tuple[Detector, ...]
    agreements: Mapping[str, str]  # step → kind of agreement whose signing satisfies it
    training: tuple[str, ...]  # steps that a training certificate satisfies
    kinds: Mapping[str, CaseKind]
    clocks: Mapping[str, ClockRule]
