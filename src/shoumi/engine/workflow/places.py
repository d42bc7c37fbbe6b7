"""State tables of places: key designations, entry permissions, visits.

Follows the knowledge Q&A 十一 (key departments and places, entry with permission only).  Conditions are named
here and checked by the services.
"""

from __future__ import annotations

from shoumi.engine.workflow.machine import Actor, Machine, State, Transition

SECOND_PERSON = ("not_the_proposer", "quorum_reached")  # a quorum of one

DESIGNATION = Machine(
    name="designation",
    title="A key department or key place",
    initial="proposed",
    states=(
        State("proposed", "Proposed"),
        State("in_force", "In force"),
        State("withdrawing", "Withdrawal proposed"),
        State("rejected", "Rejected", final=True),
        State("withdrawn", "Withdrawn", final=True),
    ),
    transitions=(
        Transition("approve", ("proposed",), "in_force", Actor.LEADER, SECOND_PERSON),
        Transition("reject", ("proposed",), "rejected", Actor.LEADER, ("reason_given", *SECOND_PERSON)),
        Transition("open_withdrawal", ("in_force",), "withdrawing", Actor.OWNER, ("reason_given",)),
        Transition("withdraw", ("withdrawing",), "withdrawn", Actor.LEADER, SECOND_PERSON),
        Transition("keep", ("withdrawing",), "in_force", Actor.LEADER, ("reason_given", *SECOND_PERSON)),
    ),
)

ENTRY = Machine(
    name="entry",
    title="A standing permission to enter a zone",
    initial="requested",
    states=(
        State("requested", "Asked for"),
        State("granted", "Given"),
        State("rejected", "Rejected", final=True),
        State("revoked", "Taken back", final=True),
    ),
    transitions=(
        Transition("grant", ("requested",), "granted", Actor.OFFICE, SECOND_PERSON),
        Transition("reject", ("requested",), "rejected", Actor.OFFICE, ("reason_given", *SECOND_PERSON)),
        Transition("revoke", ("requested", "granted"), "revoked", Actor.OWNER, ("reason_given",)),
    ),
)

VISIT = Machine(
    name="visit",
    title="A visit",
    initial="requested",
    states=(
        State("requested", "Waits for approval"),
        State("approved", "Approved"),
        State("rejected", "Rejected", final=True),
        State("withdrawn", "Called off", final=True),
        State("over", "Over", final=True),
    ),
    transitions=(
        Transition("approve", ("requested",), "approved", Actor.OFFICE, SECOND_PERSON),
        Transition("reject", ("requested",), "rejected", Actor.OFFICE, ("reason_given", *SECOND_PERSON)),
        Transition("withdraw", ("requested", "approved"), "withdrawn", Actor.REQUESTER, ()),
        Transition("close", ("requested", "approved"), "over", Actor.CLOCK, ("due_date_passed",)),
    ),
)
