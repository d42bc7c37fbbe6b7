"""Decides: subject, action, resource and context in, a Decision with reasons and obligations out.

The rules stand in `cedar/`, readable one by one; https://www.cedarpolicy.com is their language.
Who a person is and what is stored is told by the caller; nothing is looked up here.
"""

from shoumi.engine.policy.actions import Action
from shoumi.engine.policy.decision import decide, decide_each
from shoumi.engine.policy.rules import all_reasons, check_policies, explain, who_may
from shoumi.engine.policy.values import (
    COMPANY,
    Context,
    Decision,
    Effect,
    HeldRole,
    Kind,
    Obligation,
    Resource,
    Role,
    Stage,
    Subject,
    case_scope,
    department_scope,
    entity_scope,
)

__all__ = [
    "COMPANY",
    "Action",
    "Context",
    "Decision",
    "Effect",
    "HeldRole",
    "Kind",
    "Obligation",
    "Resource",
    "Role",
    "Stage",
    "Subject",
    "all_reasons",
    "case_scope",
    "check_policies",
    "decide",
    "decide_each",
    "department_scope",
    "entity_scope",
    "explain",
    "who_may",
]
