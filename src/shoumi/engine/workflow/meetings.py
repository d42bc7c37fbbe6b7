"""State table of a meeting or activity on secrets, from its plan to the counting of papers.

Follows the seed guide 五(六)4, the six measures for meetings.  Conditions are named here and checked
by the services.
"""

from __future__ import annotations

from shoumi.engine.workflow.machine import Actor, Machine, State, Transition

MEETING_GUARDS = {
    "measures_taken": "the measures that come before a meeting are taken, each with its record",
    "papers_counted": "every paper that was handed out is back, or it is said what became of it",
}

MEETING = Machine(
    name="meeting",
    title="A meeting on secrets",
    initial="planned",
    states=(
        State("planned", "Planned"),
        State("open", "Taking place"),
        State("closed", "Over, papers counted", final=True),
        State("cancelled", "Called off", final=True),
    ),
    transitions=(
        Transition("open", ("planned",), "open", Actor.REQUESTER, ("measures_taken",)),
        Transition("close", ("open",), "closed", Actor.REQUESTER, ("papers_counted",)),
        Transition("cancel", ("planned",), "cancelled", Actor.REQUESTER, ("reason_given",)),
    ),
)
