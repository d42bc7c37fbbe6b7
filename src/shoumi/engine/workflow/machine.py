"""State machines as frozen tables, and the one function that moves along them.

A machine is data (`tables`); nobody writes a state that `advance` did not return.  Conditions of a transition
are named, not checked: the service that knows the record checks them first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shoumi.engine.errors import ConflictError, InputError


class TransitionRefusedError(ConflictError):
    """The step is known but not possible from this state."""

    code = "workflow.transition_refused"
    message = "“{transition}” is not possible while the {machine} is {state}; possible now: {allowed}."


class UnknownStateError(InputError):
    """The machine has no such state."""

    code = "workflow.unknown_state"
    message = "The {machine} has no state “{state}”."


class UnknownTransitionError(InputError):
    """The machine has no such step."""

    code = "workflow.unknown_transition"
    message = "The {machine} has no step “{transition}”."


class Actor(StrEnum):
    """Who takes a step; which persons that are is the policy's matter."""

    OWNER = "owner"  # the owner department, its custodian or officer
    OFFICE = "office"  # the secrecy office
    LEADER = "leader"  # the leader in charge
    DECIDER = "decider"  # whoever must decide at this point
    REQUESTER = "requester"  # who opened the request
    RECEIVER = "receiver"  # to whom something is offered
    CLOCK = "clock"  # the system, when a condition is met


@dataclass(frozen=True, slots=True)
class State:
    """One state; `title` is English source text for the console's translations."""

    name: str
    title: str
    final: bool = False  # nothing leads out of it


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from any of `sources` to `target`."""

    name: str
    sources: tuple[str, ...]
    target: str
    actor: Actor
    guard_names: tuple[str, ...]  # keys of `tables.GUARDS`


@dataclass(frozen=True, slots=True)
class Machine:
    """A state table; `name` is stable and stands in ledger entries and error texts."""

    name: str
    title: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def state(self, name: str) -> State:
        """Return the state called `name`.

        Raises:
            UnknownStateError: there is none.
        """
        for state in self.states:
            if state.name == name:
                return state
        raise UnknownStateError(machine=self.name, state=name)

    def possible(self, state: str) -> tuple[Transition, ...]:
        """Return the steps that lead out of `state`, in the order of the table.

        Raises:
            UnknownStateError: there is no such state.
        """
        self.state(state)
        return tuple(transition for transition in self.transitions if state in transition.sources)


def advance(machine: Machine, state: str, transition_name: str) -> str:
    """Return the state that a step leads to from `state`.

    The caller has checked the step's conditions; this function checks the table and nothing else.

    Raises:
        UnknownStateError: the machine has no such state.
        UnknownTransitionError: the machine has no such step.
        TransitionRefusedError: the step does not start here; the error names those that do.
    """
    possible = machine.possible(state)
    for transition in possible:
        if transition.name == transition_name:
            return transition.target
    if all(transition.name != transition_name for transition in machine.transitions):
        raise UnknownTransitionError(machine=machine.name, transition=transition_name)
    raise TransitionRefusedError(
        machine=machine.name,
        state=state,
        transition=transition_name,
        allowed=", ".join(transition.name for transition in possible) or "nothing",
    )
