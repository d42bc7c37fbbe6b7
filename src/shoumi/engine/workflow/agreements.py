"""State table of an agreement, from its draft to its end.

Follows the guide's joining and leaving (agreements before the post, pledges before leaving).  Which kinds the
company countersigns is the pack's matter.  Conditions are named here and checked by the services.
"""

from __future__ import annotations

from shoumi.engine.workflow.machine import Actor, Machine, State, Transition

AGREEMENT_GUARDS = {
    "whole_and_lawful": "no fact and no field is missing, and the law refuses nothing in it",
    "same_bytes": "what is signed has the hash of what was offered",
    "two_witnesses": "two persons besides the signer and whoever records it witness it",
    "countersigned": "the company signs this kind of agreement too",
}

AGREEMENT = Machine(
    name="agreement",
    title="An agreement",
    initial="draft",
    states=(
        State("draft", "Draft"),
        State("offered", "Waits for the signature"),
        State("signed", "Waits for the company's signature"),
        State("in_force", "In force"),
        State("refused", "Signature refused", final=True),
        State("withdrawn", "Withdrawn", final=True),
        State("ended", "Ended", final=True),
        State("replaced", "Replaced by a newer one", final=True),
    ),
    transitions=(
        Transition("offer", ("draft",), "offered", Actor.OFFICE, ("whole_and_lawful",)),
        Transition("sign", ("offered",), "signed", Actor.RECEIVER, ("same_bytes", "countersigned")),
        Transition("sign_alone", ("offered",), "in_force", Actor.RECEIVER, ("same_bytes",)),
        Transition("countersign", ("signed",), "in_force", Actor.OFFICE, ("same_bytes",)),
        Transition("refuse", ("offered",), "refused", Actor.OFFICE, ("two_witnesses",)),
        Transition("withdraw", ("draft", "offered", "signed"), "withdrawn", Actor.OFFICE, ("reason_given",)),
        Transition("end", ("in_force",), "ended", Actor.OFFICE, ("reason_given",)),
        Transition("lapse", ("in_force",), "ended", Actor.CLOCK, ("due_date_passed",)),
        Transition("replace", ("in_force",), "replaced", Actor.OFFICE, ("same_bytes",)),
    ),
)
