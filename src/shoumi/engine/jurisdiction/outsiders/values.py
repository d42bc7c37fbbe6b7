"""What a pack says about outsiders, as values.

Source: `outsiders.yaml` of each pack, which names its own sources.  Nothing is read or decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shoumi.engine.jurisdiction.values import EffectivePeriod, Origin, Status, Texts


class Purpose(StrEnum):
    """What something addressed to somebody is for."""

    WORK = "work"
    TRAINING = "training"
    PLEDGE = "pledge"
    SANCTION = "sanction"


class Grade(StrEnum):
    """How far something holds."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class AddressingRule:
    """To whom things for one kind of worker of another company go."""

    worker: str  # as engagements are called
    names: Texts
    period: EffectivePeriod
    by_name: frozenset[Purpose]  # what may be addressed to the worker; everything else goes to their company
    reason: Texts
    cite: str
    status: Status


@dataclass(frozen=True, slots=True)
class Question:
    """One question before an outsourcing."""

    id: str
    names: Texts
    hint: Texts
    weight: int
    proof: bool  # whether an answer counts only with its paper


@dataclass(frozen=True, slots=True)
class Assessment:
    """The questions, and the score from which an outsourcing may be agreed to without a reason."""

    pass_at: int  # of 100
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One test of the line between contracting and dispatch."""

    id: str
    names: Texts
    cite: str
    status: Status


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A list to check oneself against: one item that does not hold crosses the line."""

    id: str
    names: Texts
    items: tuple[CheckItem, ...]


@dataclass(frozen=True, slots=True)
class ThreatActor:
    """Who takes secrets."""

    id: str
    names: Texts
    note: Texts


@dataclass(frozen=True, slots=True)
class Offence:
    """One type of offence against trade secrets, and by whom it is committed."""

    id: str
    names: Texts
    who: Texts
    cite: str
    rule: str  # of the pack
    status: Status


@dataclass(frozen=True, slots=True)
class Benchmark:
    """How many others do something."""

    id: str
    names: Texts
    percent: int
    source: Texts
    status: Status


@dataclass(frozen=True, slots=True)
class LeakSignal:
    """Something outside that hints at a leak."""

    id: str
    names: Texts
    source: Texts
    status: Status


@dataclass(frozen=True, slots=True)
class OutsiderPack:
    """The whole file."""

    id: str
    origin: Origin
    addressing: tuple[AddressingRule, ...]
    assessment: Assessment
    self_check: SelfCheck
    threat_actors: tuple[ThreatActor, ...]
    actors_origin: Origin
    offences: tuple[Offence, ...]
    benchmarks: tuple[Benchmark, ...]
    leak_signals: tuple[LeakSignal, ...]
