"""What can be done with requests and delegations: one transaction and one ledger entry each.

How an app puts something to approval: in its `AppConfig.ready`

    register_kind("register.secret", KindHandlers(label=…, describe=…, on_approved=…, on_returned=…, …))

and in its own service, inside its transaction

    request_open(
        kind="register.secret", subject=f"secret:{pk}", title=…, requester=user, scope=department_scope(…),
        steps=[StepPlan("review", "secrecy_officer", entity_scope(…), due=timedelta(days=3)),
               StepPlan("approve", "leader", entity_scope(…), quorum=2, due=timedelta(days=5))],
    )

`request_withdraw(…, from_subject=True)` and `request_expire` close a request from the app behind it.
"""

from shoumi.server.approvals.queries import Description, KindHandlers, register_kind
from shoumi.server.approvals.services.deciding import Result, request_decide, requests_decide
from shoumi.server.approvals.services.delegations import delegation_create, delegation_end
from shoumi.server.approvals.services.errors import (
    DecideSinglyError,
    DelegateUnfitError,
    DelegationKindError,
    DelegationOverError,
    DelegationTimesError,
    ReasonError,
    RemindedLatelyError,
    RequestClosedError,
    StepMovedOnError,
    StepPlanError,
    TookPartError,
    VoiceUsedError,
    WithdrawElsewhereError,
)
from shoumi.server.approvals.services.escalation import request_escalate, requests_escalate
from shoumi.server.approvals.services.requests import (
    StepPlan,
    request_expire,
    request_open,
    request_withdraw,
)

__all__ = [
    "DecideSinglyError",
    "DelegateUnfitError",
    "DelegationKindError",
    "DelegationOverError",
    "DelegationTimesError",
    "Description",
    "KindHandlers",
    "ReasonError",
    "RemindedLatelyError",
    "RequestClosedError",
    "Result",
    "StepMovedOnError",
    "StepPlan",
    "StepPlanError",
    "TookPartError",
    "VoiceUsedError",
    "WithdrawElsewhereError",
    "delegation_create",
    "delegation_end",
    "register_kind",
    "request_decide",
    "request_escalate",
    "request_expire",
    "request_open",
    "request_withdraw",
    "requests_decide",
    "requests_escalate",
]
