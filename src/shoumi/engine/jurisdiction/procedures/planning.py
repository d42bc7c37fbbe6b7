"""Plans a case: which steps apply and why, when they are due, what comes before what, what stands in the way.

Source of the steps: the packs' `procedures.yaml`; the company's changes stay visible beside them.  The same
input gives the same plan.  Nothing is stored, nobody is told, and no conclusion of law is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from types import MappingProxyType

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.procedures.changes import Added, Change, Chosen, LeftOut, Moved, apply_changes
from shoumi.engine.jurisdiction.procedures.days import Calendar, Moment, check_days
from shoumi.engine.jurisdiction.procedures.facts import check_facts, holds, missing_for, reasons
from shoumi.engine.jurisdiction.procedures.values import (
    PERSON,
    CaseKind,
    CaseStep,
    Gate,
    ProcedureTable,
)
from shoumi.engine.jurisdiction.values import Texts


class UnknownCaseKindError(InputError):
    """The pack has no such kind of case."""

    code = "jurisdiction.unknown_case_kind"
    message = "The pack “{pack}” has no kind of case “{kind}”; it has {known}."


class CasePartyError(InputError):
    """A party is unknown, or two parties who must differ are one."""

    code = "jurisdiction.case_party"
    message = "“{party}” is no party of this case; known are {known}."


class WorkerNamedError(InputError):
    """The worker of another company would be addressed by name."""

    code = "jurisdiction.worker_named"
    message = "In the case “{kind}” nothing goes to the worker by name; it goes to the party “{party}”."


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a plan."""

    id: str  # of the step, with `/2` and so on where it comes again
    step: CaseStep
    why: tuple[Texts, ...]
    undecided: tuple[str, ...]  # facts that are missing to know whether it applies
    due: Moment
    after: tuple[str, ...]  # ids of this plan
    stage: int  # 1 for what may begin at once
    deviation: Added | Moved | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What one case asks for."""

    pack: str
    kind: CaseKind
    addressee: str  # the party to whom everything goes
    steps: tuple[PlannedStep, ...]  # in their order
    left_out: tuple[LeftOut, ...]
    gates: Mapping[Gate, tuple[str, ...]]  # what stands in the way of each
    parties: Mapping[str, str]  # party → whoever it is
    measured_from: Mapping[str, Moment]  # step → the moment from which its time is measured
    witnesses: int

    def step(self, id_: str) -> PlannedStep | None:
        """Return a step of the plan, or None."""
        return next((step for step in self.steps if step.id == id_), None)

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """The steps that run side by side, by group."""
        names = dict.fromkeys(each.step.group for each in self.steps if each.step.group)
        return MappingProxyType(
            {name: tuple(each.id for each in self.steps if each.step.group == name) for name in names}
        )

    @property
    def deviations(self) -> tuple[Change, ...]:
        """Everything in which it differs from the pack."""
        return (*(each.deviation for each in self.steps if each.deviation), *self.left_out)


def make_plan(  # noqa: PLR0913 - what a plan depends on, by name
    pack: Pack,
    table: ProcedureTable,
    kind_id: str,
    facts: Mapping[str, str],
    days: Mapping[str, date | datetime],
    *,
    zone: tzinfo,
    changes: Sequence[Change] = (),
    parties: Mapping[str, str] | None = None,
) -> Plan:
    """Return the plan of one case; as `plan`, for a table at hand."""
    kind = table.kinds.get(kind_id)
    if kind is None:
        raise UnknownCaseKindError(pack=pack.id, kind=kind_id, known=", ".join(table.kinds))
    check_facts(table.facts, facts)
    check_days(table.days, days, zone)
    named = dict(parties or {})
    for party in named.keys() - table.parties.keys():
        raise CasePartyError(party=party, known=", ".join(table.parties))
    if kind.through and PERSON in named:
        raise WorkerNamedError(kind=kind.id, party=kind.through)
    chosen = apply_changes(table, kind, changes)
    calendar = Calendar(pack, table, facts, days, zone)
    applying = [step for step in chosen.steps if holds(step.when, facts) or missing_for(step.when, facts)]
    planned = _planned(kind, chosen, applying, calendar)
    return Plan(
        pack=pack.id,
        kind=kind,
        addressee=kind.through or PERSON,
        steps=planned,
        left_out=tuple(chosen.left_out.values()),
        gates=MappingProxyType(
            {gate: tuple(each.id for each in planned if gate in each.step.gates) for gate in Gate}
        ),
        parties=MappingProxyType(named),
        measured_from=MappingProxyType(
            {
                each.id: calendar.measured(each.step.measured_from)
                for each in planned
                if each.step.measured_from
            }
        ),
        witnesses=table.witnesses,
    )


def _planned(
    kind: CaseKind, chosen: Chosen, applying: list[CaseStep], calendar: Calendar
) -> tuple[PlannedStep, ...]:
    every = {step.id: step for step in (*kind.steps, *chosen.steps)}
    present = {step.id: _moments(step, chosen.moved.get(step.id), calendar) for step in applying}
    ids = {name: _ids(name, len(moments)) for name, moments in present.items()}
    before = {step.id: _before(step, every, present.keys()) for step in applying}
    stages: dict[str, int] = {}
    gated = {gate: [step.id for step in applying if gate in step.gates] for gate in Gate}

    def stage(name: str) -> int:
        if name not in stages:
            needs = every[name].needs
            waits = (*before[name], *(gated[needs] if needs else ()))
            stages[name] = 1 + max((stage(each) for each in waits), default=0)
        return stages[name]

    found = [
        PlannedStep(
            id=id_,
            step=step,
            why=reasons(calendar.table.facts, step.when, calendar.facts),
            undecided=missing_for(step.when, calendar.facts),
            due=moment,
            after=tuple(each for name in before[step.id] for each in ids[name]),
            stage=stage(step.id),
            deviation=chosen.moved.get(step.id) or chosen.added.get(step.id),
        )
        for step in applying
        for id_, moment in zip(ids[step.id], present[step.id], strict=True)
    ]
    return tuple(sorted(found, key=lambda each: each.stage))  # keeps the file's order within a stage


def _moments(step: CaseStep, moved: Moved | None, calendar: Calendar) -> tuple[Moment, ...]:
    rules = (moved.due,) if moved else step.due
    if step.repeat:
        return calendar.again(rules[0].day, step.repeat)
    return (calendar.due(rules),)


def _ids(name: str, count: int) -> tuple[str, ...]:
    return (name,) if count == 1 else tuple(f"{name}/{number}" for number in range(1, count + 1))


def _before(step: CaseStep, every: Mapping[str, CaseStep], present: AbstractSet[str]) -> tuple[str, ...]:
    """Return what comes before a step; what does not apply hands on what comes before itself."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(step.after)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in present:
            found[name] = None
        else:
            waiting += every[name].after
    return tuple(found)
