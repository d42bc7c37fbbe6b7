"""Draws the state tables: a Mermaid diagram per machine, and the page of the reference that holds them all.

Mermaid's `stateDiagram-v2` syntax.  The page `docs/reference/workflows.md` is the output of `workflows_page`
and of nothing else; a test tells when it is stale.
"""

from __future__ import annotations

from collections.abc import Mapping

from shoumi.engine.workflow.machine import Machine
from shoumi.engine.workflow.tables import GUARDS, MACHINES


def diagram(machine: Machine) -> str:
    """Return the Mermaid source of one machine, without a fence, ending in a newline."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    lines += [f"    {state.name}: {state.title}" for state in machine.states]
    for transition in machine.transitions:
        for source in transition.sources:
            lines.append(f"    {source} --> {transition.target}: {transition.name} ({transition.actor})")
    lines += [f"    {state.name} --> [*]" for state in machine.states if state.final]
    return "\n".join(lines) + "\n"


def workflows_page(machines: tuple[Machine, ...] = MACHINES, guards: Mapping[str, str] = GUARDS) -> str:
    """Return the whole reference page in Markdown."""
    parts = [
        "# Workflows\n\nDrawn from `src/shoumi/engine/workflow/tables.py`; change the table, not this page.\n"
    ]
    for machine in machines:
        rows = [
            f"| `{step.name}` | {', '.join(step.sources)} | {step.target} | {step.actor} | "
            f"{'; '.join(guards[name] for name in step.guard_names) or '–'} |"
            for step in machine.transitions
        ]
        parts.append(
            f"## {machine.title} (`{machine.name}`)\n\n"
            f"```mermaid\n{diagram(machine)}```\n\n"
            "| step | from | to | who | conditions |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)
