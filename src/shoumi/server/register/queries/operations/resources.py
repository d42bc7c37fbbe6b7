"""Operations and third parties as the rules see them.

The facts are those of `engine.policy.resources`; who may do what stands in `cedar/operations.cedar`.
"""

from __future__ import annotations

from shoumi.engine.policy import Action, Resource, resources
from shoumi.server.approvals.queries import deciders_of
from shoumi.server.people.queries import department_places, department_resource
from shoumi.server.register.models import Operation, ThirdParty

State = Operation.State
STAGES = {
    State.DRAFT: "draft",
    State.RETURNED: "returned",
    State.AWAITING_APPROVAL: "asked",
    State.APPROVED: "approved",
    State.UNDER_WAY: "under_way",
    State.DONE: "closed",
    State.REJECTED: "closed",
    State.WITHDRAWN: "closed",
    State.LAPSED: "closed",
}


def action_of(kind: str, *, let_in: bool = False) -> Action:
    """Return what is asked of the gate about a secret for an operation of `kind` on it."""
    return Action.OPERATION_ENTER if let_in else Action(f"operation.{kind}")


def operation_resource(operation: Operation) -> Resource:
    """Return the operation as something to see, write, carry out or confirm."""
    lines = operation.lines.values_list("secret__custodian_id", "carrier__keeper_id")
    receiver = operation.receiver.user_id if operation.receiver else None
    return resources.operation(
        str(operation.pk),
        stage=STAGES[State(operation.state)],
        requester=str(operation.requester_id),
        receiver=str(receiver) if receiver else None,
        witnesses=[str(user) for user in operation.witnesses.values_list("user_id", flat=True)],
        deciders=deciders_of(operation.ledger_subject),
        keepers={str(person) for pair in lines for person in pair if person},
        places=department_places(operation.department),
    )


def third_party_resource(third_party: ThirdParty) -> Resource:
    """Return the department whose third party it is, as something to work in."""
    return department_resource(third_party.department)
