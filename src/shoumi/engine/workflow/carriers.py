"""State tables of carriers and storage: handovers, servicing of storage units, inventories.

Follows the seed guide 五(三): every passage is signed by two, repair and scrap come after approval and with
the storage secured, counts are signed off.  Conditions are named here and checked by the services.
"""

from __future__ import annotations

from shoumi.engine.workflow.machine import Actor, Machine, State, Transition

CARRIER_GUARDS = {
    "mark_valid": "before it circulates, the carrier bears a valid mark",
    "storage_secured": "a named person removed the storage, or backed up and deleted, with proof",
    "keeper_signed": "the keeper has signed",
    "not_the_signer": "who confirms is not who signed for the keeper",
}

HANDOVER = Machine(
    name="handover",
    title="The handover of a carrier",
    initial="offered",
    states=(
        State("offered", "Waits for the receiver"),
        State("received", "Received", final=True),
        State("refused", "Refused, back with the giver", final=True),
        State("withdrawn", "Taken back", final=True),
    ),
    transitions=(
        Transition("receive", ("offered",), "received", Actor.RECEIVER, ("mark_valid", "zone_sufficient")),
        Transition("refuse", ("offered",), "refused", Actor.RECEIVER, ("reason_given",)),
        Transition("withdraw", ("offered",), "withdrawn", Actor.REQUESTER, ()),
    ),
)

SERVICING = Machine(
    name="servicing",
    title="Repair, maintenance or scrapping of a storage unit",
    initial="asked",
    states=(
        State("asked", "Waits for approval"),
        State("approved", "Approved, to be secured"),
        State("secured", "Secured, may begin"),
        State("out", "Under way"),
        State("done", "Done", final=True),
        State("refused", "Refused", final=True),
        State("withdrawn", "Withdrawn", final=True),
    ),
    transitions=(
        Transition("approve", ("asked",), "approved", Actor.LEADER, ("not_the_proposer", "quorum_reached")),
        Transition("refuse", ("asked",), "refused", Actor.DECIDER, ("reason_given", "not_the_proposer")),
        Transition("withdraw", ("asked",), "withdrawn", Actor.REQUESTER, ()),
        Transition("secure", ("approved",), "secured", Actor.OWNER, ("storage_secured",)),
        Transition("begin", ("secured",), "out", Actor.OWNER, ()),
        Transition("end", ("out",), "done", Actor.OWNER, ("reason_given",)),
    ),
)

INVENTORY = Machine(
    name="inventory",
    title="An inventory of carriers",
    initial="counting",
    states=(
        State("counting", "Counting"),
        State("counted", "Counted, to be signed off"),
        State("signed", "Signed off", final=True),
    ),
    transitions=(
        Transition("close", ("counting",), "counted", Actor.OWNER, ()),
        Transition("sign", ("counted",), "signed", Actor.OFFICE, ("keeper_signed", "not_the_signer")),
    ),
)
