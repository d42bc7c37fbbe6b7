"""The tables themselves: reachable, without dead ends, four eyes wherever somebody decides."""

from __future__ import annotations

import pytest

from shoumi.engine.workflow import GUARDS, MACHINES, SECRET, Actor


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
class TestEveryMachine:
    def test_every_state_is_reachable(self, machine):
        reached, edge = {machine.initial}, [machine.initial]
        while edge:
            targets = {move.target for move in machine.possible(edge.pop())} - reached
            reached |= targets
            edge += sorted(targets)
        assert reached == {state.name for state in machine.states}

    def test_exactly_the_final_states_lead_nowhere(self, machine):
        for state in machine.states:
            assert bool(machine.possible(state.name)) is not state.final, state.name

    def test_a_final_state_can_be_reached_from_everywhere(self, machine):
        ending = {state.name for state in machine.states if state.final}
        while grown := {
            state.name
            for state in machine.states
            if state.name not in ending
            and any(move.target in ending for move in machine.possible(state.name))
        }:
            ending |= grown
        assert ending == {state.name for state in machine.states}

    def test_names_are_known_and_stand_once(self, machine):
        names = [state.name for state in machine.states]
        assert len(set(names)) == len(names)
        for move in machine.transitions:
            assert set(move.sources) | {move.target} <= set(names)
            assert len(set(move.sources)) == len(move.sources) > 0
            assert set(move.guard_names) <= set(GUARDS)

    def test_nobody_who_approves_is_free_of_the_four_eyes_rule(self, machine):
        for move in machine.transitions:
            if move.actor is Actor.LEADER or "quorum_reached" in move.guard_names:
                assert {"not_the_proposer", "quorum_reached"} <= set(move.guard_names), move.name

    def test_sending_back_and_rejecting_need_a_reason(self, machine):
        for move in machine.transitions:
            if move.name in {"send_back", "reject", "find_not_a_secret"}:
                assert "reason_given" in move.guard_names


def test_machines_and_guards_stand_once_and_are_used():
    assert len({machine.name for machine in MACHINES}) == len(MACHINES)
    used = {name for machine in MACHINES for move in machine.transitions for name in move.guard_names}
    assert used == set(GUARDS)


@pytest.mark.requirement("GEN-03")
def test_not_a_secret_is_an_outcome_with_its_reason():
    outcome = SECRET.state("not_a_secret")
    assert outcome.final
    (move,) = [move for move in SECRET.transitions if move.target == "not_a_secret"]
    assert "reason_given" in move.guard_names


@pytest.mark.requirement("DEC-01")
def test_an_expired_period_declassifies_without_anybody():
    (move,) = [move for move in SECRET.transitions if move.name == "expire"]
    assert (move.actor, move.target, move.guard_names) == (Actor.CLOCK, "declassified", ("period_over",))
