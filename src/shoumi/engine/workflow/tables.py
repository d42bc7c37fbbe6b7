"""Every state table of the product: which step leads from where to where, by whom, under which conditions.

The way of a secret follows the guide of the Chinese pack: the owner department proposes, the office reviews,
the leader approves, and changes go the same way.  Conditions are only named here; services check them.
Nothing here knows a database, and no other module decides which step is possible.
"""

from __future__ import annotations

from shoumi.engine.workflow.agreements import AGREEMENT, AGREEMENT_GUARDS
from shoumi.engine.workflow.carriers import CARRIER_GUARDS, HANDOVER, INVENTORY, SERVICING
from shoumi.engine.workflow.governance import FINDING, GOVERNANCE_GUARDS, INSPECTION, RULE_VERSION
from shoumi.engine.workflow.machine import Actor, Machine, State, Transition
from shoumi.engine.workflow.meetings import MEETING, MEETING_GUARDS
from shoumi.engine.workflow.places import DESIGNATION, ENTRY, VISIT

GUARDS = {
    "necessity_given": "a reason says why it must be secret",
    "elements_evidenced": "each of the three elements has evidence",
    "exclusions_answered": "every exclusion is answered, with its records",
    "not_a_state_secret": "the question about state secrets is answered with no",
    "not_the_proposer": "who decides is not who proposed, nor stands in for them",
    "quorum_reached": "as many different persons approved as the level asks for",
    "reason_given": "a reason is recorded",
    "period_over": "the last secret day has passed, and notice was given before",
    "incident_linked": "if an event made it public, the incident is named",
    "carriers_accounted": "every carrier is destroyed or handed back, with witnesses",
    "due_date_passed": "the date by which to decide has passed",
    "subject_gone": "what the request was about no longer needs it",
    "step_before_done": "every earlier step is approved",
    **GOVERNANCE_GUARDS,
    "marks_valid": "everything that circulates bears the mark that holds now",
    "agreement_holds": "a confidentiality agreement with the third party is in force and covers the level",
    "zone_sufficient": "the place it goes to is a secret zone of at least its level",
    "receiver_cleared": "who receives it is within the knowledge scope and cleared, or is let in",
    "level_not_risen": "the level is not higher than the one that was approved",
    "handover_signed": "who hands over signs with their password",
    "witnessed": "two persons besides requester and executor confirmed it, and there is a recording",
    "lines_settled": "every line is carried out, given back, refused or dropped",
    **CARRIER_GUARDS,
    **AGREEMENT_GUARDS,
    **MEETING_GUARDS,
}

SECRET = Machine(
    name="secret",
    title="A trade secret",
    initial="draft",
    states=(
        State("draft", "Draft"),
        State("proposed", "Proposed"),
        State("under_review", "Under review"),
        State("awaiting_approval", "Awaiting approval"),
        State("registered", "Registered"),
        State("changing", "Being changed"),
        State("returned", "Sent back"),
        State("withdrawn", "Withdrawn", final=True),
        State("not_a_secret", "Not a secret", final=True),
        State("declassified", "Declassified", final=True),
        State("destroyed", "Destroyed", final=True),
    ),
    transitions=(
        Transition(
            "propose",
            ("draft", "returned"),
            "proposed",
            Actor.OWNER,
            ("necessity_given", "elements_evidenced", "exclusions_answered", "not_a_state_secret"),
        ),
        Transition("start_review", ("proposed",), "under_review", Actor.OFFICE, ("not_the_proposer",)),
        Transition(
            "pass_review", ("under_review",), "awaiting_approval", Actor.OFFICE, ("not_the_proposer",)
        ),
        Transition(
            "approve",
            ("awaiting_approval",),
            "registered",
            Actor.LEADER,
            ("not_the_proposer", "quorum_reached"),
        ),
        Transition(
            "send_back",
            ("proposed", "under_review", "awaiting_approval"),
            "returned",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition(
            "find_not_a_secret",
            ("draft", "proposed", "under_review", "awaiting_approval", "returned"),
            "not_a_secret",
            Actor.DECIDER,
            ("reason_given",),
        ),
        Transition(
            "withdraw",
            ("draft", "proposed", "under_review", "awaiting_approval", "returned"),
            "withdrawn",
            Actor.OWNER,
            (),
        ),
        Transition("open_change", ("registered",), "changing", Actor.OWNER, ("reason_given",)),
        Transition(
            "apply_change", ("changing",), "registered", Actor.LEADER, ("not_the_proposer", "quorum_reached")
        ),
        Transition("drop_change", ("changing",), "registered", Actor.DECIDER, ()),
        Transition(
            "declassify",
            ("changing",),
            "declassified",
            Actor.LEADER,
            ("not_the_proposer", "quorum_reached", "incident_linked"),
        ),
        Transition("expire", ("registered", "changing"), "declassified", Actor.CLOCK, ("period_over",)),
        Transition(
            "destroy",
            ("changing",),
            "destroyed",
            Actor.LEADER,
            ("not_the_proposer", "quorum_reached", "carriers_accounted"),
        ),
    ),
)

CHANGE_REQUEST = Machine(
    name="change_request",
    title="A change of level, period or scope, a declassification or a destruction",
    initial="draft",
    states=(
        State("draft", "Draft"),
        State("under_review", "Under review"),
        State("awaiting_approval", "Awaiting approval"),
        State("returned", "Sent back"),
        State("applied", "Applied", final=True),
        State("rejected", "Rejected", final=True),
        State("withdrawn", "Withdrawn", final=True),
        State("lapsed", "Lapsed", final=True),
    ),
    transitions=(
        Transition("submit", ("draft", "returned"), "under_review", Actor.OWNER, ("reason_given",)),
        Transition(
            "pass_review", ("under_review",), "awaiting_approval", Actor.OFFICE, ("not_the_proposer",)
        ),
        Transition(
            "apply", ("awaiting_approval",), "applied", Actor.LEADER, ("not_the_proposer", "quorum_reached")
        ),
        Transition(
            "send_back",
            ("under_review", "awaiting_approval"),
            "returned",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition(
            "reject",
            ("under_review", "awaiting_approval"),
            "rejected",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition(
            "withdraw",
            ("draft", "under_review", "awaiting_approval", "returned"),
            "withdrawn",
            Actor.OWNER,
            (),
        ),
        Transition(
            "lapse",
            ("draft", "under_review", "awaiting_approval", "returned"),
            "lapsed",
            Actor.CLOCK,
            ("subject_gone",),
        ),
    ),
)

APPROVAL_REQUEST = Machine(
    name="approval_request",
    title="A request for approval",
    initial="open",
    states=(
        State("open", "Open"),
        State("escalated", "Overdue, passed on"),
        State("approved", "Approved", final=True),
        State("returned", "Sent back", final=True),
        State("rejected", "Rejected", final=True),
        State("withdrawn", "Withdrawn", final=True),
        State("expired", "Expired", final=True),
    ),
    transitions=(
        Transition("escalate", ("open",), "escalated", Actor.CLOCK, ("due_date_passed",)),
        Transition("resume", ("escalated",), "open", Actor.CLOCK, ("step_before_done",)),
        Transition(
            "approve",
            ("open", "escalated"),
            "approved",
            Actor.DECIDER,
            ("not_the_proposer", "quorum_reached"),
        ),
        Transition(
            "send_back",
            ("open", "escalated"),
            "returned",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition(
            "reject",
            ("open", "escalated"),
            "rejected",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition("withdraw", ("open", "escalated"), "withdrawn", Actor.REQUESTER, ()),
        Transition("expire", ("open", "escalated"), "expired", Actor.CLOCK, ("subject_gone",)),
    ),
)

APPROVAL_STEP = Machine(
    name="approval_step",
    title="One step of a request for approval",
    initial="waiting",
    states=(
        State("waiting", "Waiting for an earlier step"),
        State("open", "Open"),
        State("approved", "Approved", final=True),
        State("returned", "Sent back", final=True),
        State("rejected", "Rejected", final=True),
        State("closed", "Closed without decision", final=True),
    ),
    transitions=(
        Transition("open", ("waiting",), "open", Actor.CLOCK, ("step_before_done",)),
        Transition("approve", ("open",), "approved", Actor.DECIDER, ("not_the_proposer", "quorum_reached")),
        Transition("send_back", ("open",), "returned", Actor.DECIDER, ("reason_given", "not_the_proposer")),
        Transition("reject", ("open",), "rejected", Actor.DECIDER, ("reason_given", "not_the_proposer")),
        Transition("close", ("waiting", "open"), "closed", Actor.CLOCK, ()),
    ),
)

OPERATION = Machine(
    name="operation",
    title="An operation on secrets, such as a loan, a copy, a disclosure or a destruction",
    initial="draft",
    states=(
        State("draft", "Draft"),
        State("awaiting_approval", "Awaiting approval"),
        State("approved", "Approved, to be carried out"),
        State("under_way", "Under way"),
        State("returned", "Sent back"),
        State("done", "Done", final=True),
        State("rejected", "Rejected", final=True),
        State("withdrawn", "Withdrawn", final=True),
        State("lapsed", "Lapsed", final=True),
    ),
    transitions=(
        Transition(
            "submit",
            ("draft", "returned"),
            "awaiting_approval",
            Actor.REQUESTER,
            ("reason_given", "marks_valid", "agreement_holds", "zone_sufficient", "receiver_cleared"),
        ),
        Transition(
            "approve",
            ("awaiting_approval",),
            "approved",
            Actor.DECIDER,
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
            "reject",
            ("awaiting_approval",),
            "rejected",
            Actor.DECIDER,
            ("reason_given", "not_the_proposer"),
        ),
        Transition(
            "withdraw",
            ("draft", "returned", "awaiting_approval", "approved"),
            "withdrawn",
            Actor.REQUESTER,
            (),
        ),
        Transition(
            "begin",
            ("approved",),
            "under_way",
            Actor.OWNER,
            ("handover_signed", "marks_valid", "agreement_holds", "zone_sufficient", "level_not_risen"),
        ),
        Transition("finish", ("under_way",), "done", Actor.OWNER, ("lines_settled", "witnessed")),
        Transition("lapse", ("approved",), "lapsed", Actor.CLOCK, ("due_date_passed",)),
    ),
)

MACHINES = (
    SECRET,
    CHANGE_REQUEST,
    APPROVAL_REQUEST,
    APPROVAL_STEP,
    OPERATION,
    INSPECTION,
    FINDING,
    RULE_VERSION,
    DESIGNATION,
    ENTRY,
    VISIT,
    HANDOVER,
    SERVICING,
    INVENTORY,
    MEETING,
    AGREEMENT,
)
