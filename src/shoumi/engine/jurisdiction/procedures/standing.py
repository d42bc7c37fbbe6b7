"""How a case stands at a moment: what is done, refused, open, late, waiting, and what may be given.

Whose rule: a step is satisfied by what its pack asks for and by nothing less; a refused signature satisfies
it in another way, with witnesses, and says so.  More records never undo what is satisfied.  Records are
values: whether their files exist and who wrote them is the caller's to prove.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.procedures.planning import Plan, PlannedStep
from shoumi.engine.jurisdiction.procedures.records import Fulfilment, Record, fulfilment
from shoumi.engine.jurisdiction.procedures.values import EvidenceKind, Gate


class CaseRecordError(InputError):
    """A record names what the plan does not have, or has no time zone."""

    code = "jurisdiction.case_record"
    message = "The record of the step “{step}” cannot be used: {reason}."


class StepState(StrEnum):
    """Where one step stands."""

    DONE = "done"
    REFUSED = "refused"  # satisfied in another way: somebody refused to sign, before witnesses
    OPEN = "open"
    WAITING = "waiting"  # for another step or for a gate


@dataclass(frozen=True, slots=True)
class StepStanding:
    """Where one step stands, and what is missing."""

    planned: PlannedStep
    state: StepState
    fulfilment: Fulfilment
    late: timedelta | None  # how late it was done, or is; None if it is not
    waiting_for: tuple[str, ...]  # steps
    closed_gate: Gate | None  # the gate it waits for
    too_early: bool  # recorded before what comes before it, or before its gate was open

    @property
    def satisfied(self) -> bool:
        """Whether nothing more is asked for."""
        return self.state in {StepState.DONE, StepState.REFUSED}


@dataclass(frozen=True, slots=True)
class GateStanding:
    """Whether something may happen."""

    open: bool
    since: datetime | None  # when the last step in its way was satisfied
    waiting_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How long it took from the moment that counts until the last item was done."""

    since: datetime | None  # None: the day is not known
    last: datetime | None  # None: nothing was done yet
    took: timedelta | None  # None until every item is answered; negative: done before
    so_far: timedelta | None  # until the last item, or until now while items are open
    items: Mapping[str, timedelta]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands."""

    at: datetime
    steps: tuple[StepStanding, ...]
    gates: Mapping[Gate, GateStanding]
    measured: Mapping[str, Measured]  # by step

    def step(self, id_: str) -> StepStanding:
        """Return the standing of a step of the plan.

        Raises:
            CaseRecordError: the plan has no such step.
        """
        for each in self.steps:
            if each.planned.id == id_:
                return each
        raise CaseRecordError(step=id_, reason=Phrase("the plan has no such step"))

    @property
    def late(self) -> tuple[str, ...]:
        """The steps that should be satisfied by now and are not."""
        return tuple(each.planned.id for each in self.steps if each.late and not each.satisfied)

    @property
    def refused(self) -> tuple[str, ...]:
        """The steps that are satisfied because somebody refused before witnesses."""
        return tuple(each.planned.id for each in self.steps if each.state is StepState.REFUSED)

    def may(self, gate: Gate) -> bool:
        """Return whether what the gate guards may happen."""
        return self.gates[gate].open


def standing(plan: Plan, records: Iterable[Record], now: datetime) -> Standing:
    """Return how the case stands at `now`, by the records made until then.

    Raises:
        CaseRecordError: a record names a step, an item or a party that the plan does not have, or a moment
            has no time zone.
    """
    by_step = _sorted_out(plan, records, now)
    found = {
        each.id: fulfilment(each.step, by_step[each.id], plan.parties, plan.witnesses) for each in plan.steps
    }
    gates = _gates(plan, found)
    steps = tuple(_step(each, found, gates, now) for each in plan.steps)
    return Standing(
        at=now,
        steps=steps,
        gates=MappingProxyType(gates),
        measured=MappingProxyType(
            {
                each.id: _measured(plan, each.id, found[each.id], now)
                for each in plan.steps
                if each.step.evidence is EvidenceKind.MEASURED
            }
        ),
    )


def _sorted_out(plan: Plan, records: Iterable[Record], now: datetime) -> dict[str, list[Record]]:
    if now.tzinfo is None:
        raise CaseRecordError(step="", reason=Phrase("a time needs its time zone"))
    by_step: dict[str, list[Record]] = {each.id: [] for each in plan.steps}
    for record in records:
        planned = plan.step(record.step)
        if planned is None:
            raise CaseRecordError(step=record.step, reason=Phrase("the plan has no such step"))
        moments = [record.at, *(answer.at for answer in record.items.values() if answer.at)]
        if any(moment.tzinfo is None for moment in moments):
            raise CaseRecordError(step=record.step, reason=Phrase("a time needs its time zone"))
        items = {item.id for item in planned.step.items}
        signers = set(planned.step.signers)
        if record.items.keys() - items or record.signed.keys() - signers or record.refused - signers:
            raise CaseRecordError(step=record.step, reason=Phrase("it names an unknown item or signer"))
        if max(moments) <= now:
            by_step[record.step].append(record)
    return {name: sorted(each, key=_order) for name, each in by_step.items()}


def _order(record: Record) -> tuple[datetime, str]:
    return record.at, repr((sorted(record.by), sorted(record.signed.items()), sorted(record.witnesses)))


def _gates(plan: Plan, found: Mapping[str, Fulfilment]) -> dict[Gate, GateStanding]:
    """Return how the gates stand; a step that itself waits for a gate counts only once that is open."""
    gates: dict[Gate, GateStanding] = {}

    def gate_of(gate: Gate) -> GateStanding:
        if gate not in gates:
            moments = {id_: satisfied_at(id_) for id_ in plan.gates[gate]}
            waiting = tuple(id_ for id_, moment in moments.items() if moment is None)
            known = [moment for moment in moments.values() if moment]
            gates[gate] = GateStanding(not waiting, None if waiting else max(known, default=None), waiting)
        return gates[gate]

    def satisfied_at(id_: str) -> datetime | None:
        planned = plan.step(id_)
        done = found[id_].at
        if done and planned and planned.step.needs:
            needed = gate_of(planned.step.needs)
            return max(done, needed.since or done) if needed.open else None
        return done

    for gate in Gate:
        gate_of(gate)
    return gates


def _step(
    planned: PlannedStep,
    found: Mapping[str, Fulfilment],
    gates: Mapping[Gate, GateStanding],
    now: datetime,
) -> StepStanding:
    own = found[planned.id]
    needs = planned.step.needs
    closed = needs if needs and not gates[needs].open else None
    waiting = tuple(id_ for id_ in planned.after if found[id_].at is None)
    if own.at and not closed:
        state = StepState.REFUSED if own.refused else StepState.DONE
    else:
        state = StepState.WAITING if waiting or closed else StepState.OPEN
    satisfied = own.at if state in {StepState.DONE, StepState.REFUSED} else None
    due = planned.due.at
    late = (satisfied or now) - due if due and (satisfied or now) > due else None
    earlier = [found[id_].at for id_ in planned.after]
    opened = gates[needs].since if needs else None
    too_early = bool(own.at) and (
        bool(closed)
        or any(each is None or each > own.at for each in earlier if own.at)
        or bool(opened and own.at and opened > own.at)
    )
    return StepStanding(planned, state, own, late, waiting, closed, too_early)


def _measured(plan: Plan, id_: str, own: Fulfilment, now: datetime) -> Measured:
    moment = plan.measured_from.get(id_)
    since = moment.at if moment else None
    closed = {item: at for item, at in own.items_at.items() if at}
    last = max(closed.values(), default=None)
    if since is None:
        return Measured(None, last, None, None, MappingProxyType({}))
    items = MappingProxyType({item: _between(since, at) for item, at in closed.items()})
    if own.at:
        took = _between(since, last) if last else timedelta(0)
        return Measured(since, last, took, took, items)
    return Measured(since, last, None, _between(since, now), items)


def _between(start: datetime, end: datetime) -> timedelta:
    return timedelta(seconds=end.timestamp() - start.timestamp())
