"""A company's own changes of a plan: steps added, left out or moved, each kept beside as a deviation.

Whose rule: the packs' steps are the measure; a mandatory one is neither left out nor moved without a reason.
Nothing here says whether a deviation is wise: it stays visible, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.procedures.coherence import counted, incoherent
from shoumi.engine.jurisdiction.procedures.values import (
    PERSON,
    CaseKind,
    CaseStep,
    Condition,
    DueRule,
    ProcedureTable,
)


class CaseChangeError(InputError):
    """A change does not fit the pack, or lacks its reason."""

    code = "jurisdiction.case_change"
    message = "The change of the step “{step}” cannot be made: {reason}."


@dataclass(frozen=True, slots=True)
class Added:
    """A step of the company's own."""

    step: CaseStep
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step of the pack that the company does not take."""

    step_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A step of the pack that is due at another time."""

    step_id: str
    due: DueRule
    reason: str = ""


Change = Added | LeftOut | Moved


@dataclass(frozen=True, slots=True)
class Chosen:
    """The steps after the changes."""

    steps: tuple[CaseStep, ...]
    left_out: Mapping[str, LeftOut]
    moved: Mapping[str, Moved]
    added: Mapping[str, Added]


def apply_changes(table: ProcedureTable, kind: CaseKind, changes: Sequence[Change]) -> Chosen:
    """Return the steps of `kind` as the company takes them.

    Raises:
        CaseChangeError: a change names no step of the kind, lacks a reason, comes twice, or does not fit.
    """
    own = {step.id: step for step in kind.steps}
    left_out: dict[str, LeftOut] = {}
    moved: dict[str, Moved] = {}
    added: dict[str, Added] = {}
    for change in changes:
        if isinstance(change, Added):
            if change.step.id in own or change.step.id in added or "/" in change.step.id:
                raise CaseChangeError(step=change.step.id, reason=Phrase("its id is taken or no id"))
            added[change.step.id] = change
            continue
        step = own.get(change.step_id)
        if step is None:
            raise CaseChangeError(step=change.step_id, reason=Phrase("this kind of case has no such step"))
        if step.id in left_out or step.id in moved:
            raise CaseChangeError(step=step.id, reason=Phrase("it is changed twice"))
        _check_change(table, step, change)
        if isinstance(change, LeftOut):
            left_out[step.id] = change
        else:
            moved[step.id] = change
    steps = (*(step for step in kind.steps if step.id not in left_out), *(c.step for c in added.values()))
    for new in added.values():
        _check_step(table, kind, new.step, own.keys() | added.keys())
    if circle := circle_of((*kind.steps, *(c.step for c in added.values()))):
        raise CaseChangeError(step=circle, reason=Phrase("it would wait for itself"))
    return Chosen(steps, left_out, moved, added)


def circle_of(steps: Sequence[CaseStep]) -> str:
    """Return a step that waits for itself, through other steps or through a gate; empty if none does."""
    ids = {step.id for step in steps}
    graph: dict[str, set[str]] = {}
    for step in steps:
        before = {each for each in step.after if each in ids}
        if step.needs:
            before |= {each.id for each in steps if step.needs in each.gates}
        graph[step.id] = before
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return str(error.args[1][0])
    return ""


def reaches_person(step: CaseStep) -> bool:
    """Return whether a step is addressed to the person: they own it, sign it, or must be named for it."""
    return step.owner == "employee" or PERSON in step.signers or PERSON in step.parties


def _check_change(table: ProcedureTable, step: CaseStep, change: LeftOut | Moved) -> None:
    if step.mandatory and not change.reason.strip():
        raise CaseChangeError(step=step.id, reason=Phrase("it is mandatory, so a reason is needed"))
    if isinstance(change, Moved):
        if step.repeat or change.due.when:
            reason = Phrase("what comes again or has conditions is left out and added anew")
            raise CaseChangeError(step=step.id, reason=reason)
        _check_due(table, step, change.due)


def _check_due(table: ProcedureTable, step: CaseStep, due: DueRule) -> None:
    known = due.day in table.days and (not due.clock or due.clock in table.clocks)
    named = set((due.facts or {}).values())
    if not counted(due) or not known or named - table.facts.keys() or not _known(table, due.when):
        raise CaseChangeError(step=step.id, reason=Phrase("its due day cannot be counted"))


def _check_step(table: ProcedureTable, kind: CaseKind, step: CaseStep, ids: set[str]) -> None:
    if kind.through and reaches_person(step):
        reason = Phrase("in this kind of case nothing is addressed to the worker")
        raise CaseChangeError(step=step.id, reason=reason)
    for _, fault in incoherent(step):
        raise CaseChangeError(step=step.id, reason=fault)
    fits = (
        set(step.after) <= ids
        and {*step.barred, *step.parties, *step.signers} <= table.parties.keys()
        and (not step.group or step.group in table.groups)
        and _known(table, step.when)
    )
    if not fits:
        raise CaseChangeError(step=step.id, reason=Phrase("it names what the pack does not have"))
    for due in (*step.due, *step.measured_from, *((step.repeat.until,) if step.repeat else ())):
        _check_due(table, step, due)


def _known(table: ProcedureTable, conditions: tuple[Condition, ...]) -> bool:
    return all(
        name in table.facts and values and set(values) <= {value.id for value in table.facts[name].values}
        for condition in conditions
        for name, values in condition.items()
    )
