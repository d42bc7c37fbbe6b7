"""The drawings: complete, and the page of the reference is not stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from shoumi.engine.workflow import MACHINES, SECRET, diagram, workflows_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "workflows.md"


def test_the_reference_page_is_not_stale():
    text = PAGE.read_text(encoding="utf-8")
    assert text.endswith("\n\n" + workflows_page()), "run make docs"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_and_step_is_drawn(machine):
    drawn = diagram(machine)
    for state in machine.states:
        assert f"    {state.name}: {state.title}\n" in drawn
    arrows = [line for line in drawn.splitlines() if "-->" in line]
    steps = sum(len(move.sources) for move in machine.transitions)
    assert len(arrows) == 1 + steps + sum(state.final for state in machine.states)


def test_the_drawing_begins_as_mermaid_wants_it():
    assert diagram(SECRET).startswith("stateDiagram-v2\n    [*] --> draft\n")
