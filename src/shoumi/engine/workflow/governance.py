"""The state tables of inspections, their findings, and the versions of rule documents.

An inspection ends when everything it found was put right and verified by another person; a rule is published
after the procedure that the pack of its country names.  Conditions are only named here; services check them.
"""

from __future__ import annotations

from shoumi.engine.workflow.machine import Actor, Machine, State, Transition

GOVERNANCE_GUARDS = {
    "findings_verified": "every finding was verified",
    "proof_attached": "a file proves what was done",
    "not_who_reported": "who verifies is not who reported or had to do it",
    "template_parts_present": "every part that the document must have is there",
    "audience_named": "it is named whom the rule binds",
    "procedure_recorded": "every step of the procedure before publication is recorded, about these words",
}

INSPECTION = Machine(
    name="inspection",
    title="An inspection",
    initial="planned",
    states=(
        State("planned", "Planned"),
        State("carried_out", "Carried out"),
        State("closed", "Closed", final=True),
        State("called_off", "Called off", final=True),
    ),
    transitions=(
        Transition("carry_out", ("planned",), "carried_out", Actor.OFFICE, ()),
        Transition("close", ("carried_out",), "closed", Actor.OFFICE, ("findings_verified",)),
        Transition("call_off", ("planned",), "called_off", Actor.OFFICE, ("reason_given",)),
    ),
)

FINDING = Machine(
    name="finding",
    title="A finding of an inspection",
    initial="open",
    states=(
        State("open", "To be put right"),
        State("rectified", "Put right, to be verified"),
        State("returned", "Not accepted"),
        State("verified", "Verified", final=True),
    ),
    transitions=(
        Transition("rectify", ("open", "returned"), "rectified", Actor.OWNER, ("proof_attached",)),
        Transition(
            "send_back", ("rectified",), "returned", Actor.OFFICE, ("reason_given", "not_who_reported")
        ),
        Transition("verify", ("rectified",), "verified", Actor.OFFICE, ("not_who_reported",)),
    ),
)

RULE_VERSION = Machine(
    name="rule_version",
    title="A version of a rule document",
    initial="draft",
    states=(
        State("draft", "Draft"),
        State("awaiting_approval", "Awaiting approval"),
        State("returned", "Sent back"),
        State("approved", "Approved, not published"),
        State("in_force", "Published"),
        State("replaced", "Replaced", final=True),
        State("retired", "Retired", final=True),
        State("rejected", "Rejected", final=True),
    ),
    transitions=(
        Transition(
            "submit",
            ("draft", "returned"),
            "awaiting_approval",
            Actor.OFFICE,
            ("template_parts_present", "audience_named"),
        ),
        Transition(
            "approve",
            ("awaiting_approval",),
            "approved",
            Actor.LEADER,
            ("not_the_proposer", "quorum_reached"),
        ),
        Transition(
            "send_back",
            ("awaiting_approval",),
            "returned",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition(
            "reject", ("awaiting_approval",), "rejected", Actor.DECIDER, ("reason_given", "not_the_proposer")
        ),
        Transition("reopen", ("approved",), "draft", Actor.OFFICE, ("reason_given",)),
        Transition("publish", ("approved",), "in_force", Actor.OFFICE, ("procedure_recorded",)),
        Transition("replace", ("in_force",), "replaced", Actor.OFFICE, ("procedure_recorded",)),
        Transition("retire", ("in_force",), "retired", Actor.OFFICE, ("reason_given",)),
    ),
)
