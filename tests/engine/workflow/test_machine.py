"""Moving along the tables: declared steps only, and a refusal that names what is possible."""

from __future__ import annotations

import itertools

import pytest

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.workflow import (
    MACHINES,
    SECRET,
    TransitionRefusedError,
    UnknownStateError,
    UnknownTransitionError,
    advance,
)

EVERYTHING = [
    (machine, state.name, step)
    for machine in MACHINES
    for state, step in itertools.product(
        machine.states, sorted({transition.name for transition in machine.transitions})
    )
]


@pytest.mark.parametrize(("machine", "state", "step"), EVERYTHING)
def test_exactly_the_declared_transitions_are_possible(machine, state, step):
    declared = [move for move in machine.transitions if move.name == step and state in move.sources]
    if declared:
        assert advance(machine, state, step) == declared[0].target
        assert len(declared) == 1, "one step leads to one state"
        return
    with pytest.raises(TransitionRefusedError) as refused:
        advance(machine, state, step)
    named = refused.value.fields["allowed"]
    for move in machine.possible(state):
        assert move.name in named
    if machine.state(state).final:
        assert named == "nothing"


def test_a_refusal_is_a_conflict_and_says_what_is_possible():
    with pytest.raises(ConflictError, match=r"approve.*possible now: start_review, send_back"):
        advance(SECRET, "proposed", "approve")


@pytest.mark.parametrize(
    ("state", "step", "error"),
    [
        ("nowhere", "approve", UnknownStateError),
        ("", "approve", UnknownStateError),
        ("draft", "sell", UnknownTransitionError),
        ("draft", "Propose", UnknownTransitionError),
    ],
)
def test_unknown_names_are_faults_of_the_input(state, step, error):
    with pytest.raises(error) as refused:
        advance(SECRET, state, step)
    assert isinstance(refused.value, InputError)


@pytest.mark.requirement("IDN-01", "IDN-02", "IDN-03")
def test_no_way_to_the_register_leaves_out_a_step():
    """Every path from draft to registered passes the proposal, the review and the approval."""
    ways = [("draft", ())]
    arrived = []
    while ways:
        state, steps = ways.pop()
        for move in SECRET.possible(state):
            if move.name in steps:
                continue
            if move.target == "registered":
                arrived.append((*steps, move.name))
            else:
                ways.append((move.target, (*steps, move.name)))
    assert arrived
    for steps in arrived:
        order = [name for name in steps if name in {"propose", "start_review", "pass_review", "approve"}]
        assert order[-4:] == ["propose", "start_review", "pass_review", "approve"]


@pytest.mark.requirement("CHG-02")
def test_a_registered_secret_changes_only_through_a_change_request_or_time():
    assert {move.name for move in SECRET.possible("registered")} == {"open_change", "expire"}
