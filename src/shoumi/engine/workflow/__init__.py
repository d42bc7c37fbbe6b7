"""State tables for approvals, secrets, persons and incidents; the docs draw their diagrams from them.

Public names, all pure: `SECRET`, `CHANGE_REQUEST`, `APPROVAL_REQUEST`, `APPROVAL_STEP`, `OPERATION`,
`DESIGNATION`, `ENTRY`, `VISIT`, `HANDOVER`, `SERVICING`, `INVENTORY`, `AGREEMENT`, `MEETING` (each a
`Machine` with `initial`, `states`, `transitions`, `state(name)`, `possible(state)`),
`advance(machine, state, step)` → the next state, `diagram(machine)` → Mermaid, `workflows_page()` → the text
of `docs/reference/workflows.md`, `GUARDS` (condition → sentence).  Conditions are named in the tables and
checked by the services.
"""

from shoumi.engine.workflow.agreements import AGREEMENT
from shoumi.engine.workflow.carriers import HANDOVER, INVENTORY, SERVICING
from shoumi.engine.workflow.diagram import diagram, workflows_page
from shoumi.engine.workflow.governance import FINDING, INSPECTION, RULE_VERSION
from shoumi.engine.workflow.machine import (
    Actor,
    Machine,
    State,
    Transition,
    TransitionRefusedError,
    UnknownStateError,
    UnknownTransitionError,
    advance,
)
from shoumi.engine.workflow.meetings import MEETING
from shoumi.engine.workflow.places import DESIGNATION, ENTRY, VISIT
from shoumi.engine.workflow.tables import (
    APPROVAL_REQUEST,
    APPROVAL_STEP,
    CHANGE_REQUEST,
    GUARDS,
    MACHINES,
    OPERATION,
    SECRET,
)

__all__ = [
    "AGREEMENT",
    "APPROVAL_REQUEST",
    "APPROVAL_STEP",
    "CHANGE_REQUEST",
    "DESIGNATION",
    "ENTRY",
    "FINDING",
    "GUARDS",
    "HANDOVER",
    "INSPECTION",
    "INVENTORY",
    "MACHINES",
    "MEETING",
    "OPERATION",
    "RULE_VERSION",
    "SECRET",
    "SERVICING",
    "VISIT",
    "Actor",
    "Machine",
    "State",
    "Transition",
    "TransitionRefusedError",
    "UnknownStateError",
    "UnknownTransitionError",
    "advance",
    "diagram",
    "workflows_page",
]
