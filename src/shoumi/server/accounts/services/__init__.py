"""What can be done with users, roles, keys, tokens and sessions: one transaction, one ledger entry each."""

from shoumi.server.accounts.services.keys import (
    key_operation_approve,
    key_operation_refuse,
    key_operation_register,
    key_operation_request,
    key_operation_withdraw,
    key_operations,
)
from shoumi.server.accounts.services.refusals import actor_of, refusal_record
from shoumi.server.accounts.services.reminders import reminder_acknowledge
from shoumi.server.accounts.services.roles import (
    installation_found,
    role_approve,
    role_granted_by_two,
    role_refuse,
    role_request,
    role_revoke,
    role_withdraw,
)
from shoumi.server.accounts.services.sign_in import session_revoke
from shoumi.server.accounts.services.tokens import token_issue, token_revoke, token_use
from shoumi.server.accounts.services.users import (
    password_link,
    password_link_send,
    user_change,
    user_close,
    user_factors_remove,
    user_open,
    user_reopen,
    user_unlock,
)

__all__ = [
    "actor_of",
    "installation_found",
    "key_operation_approve",
    "key_operation_refuse",
    "key_operation_register",
    "key_operation_request",
    "key_operation_withdraw",
    "key_operations",
    "password_link",
    "password_link_send",
    "refusal_record",
    "reminder_acknowledge",
    "role_approve",
    "role_granted_by_two",
    "role_refuse",
    "role_request",
    "role_revoke",
    "role_withdraw",
    "session_revoke",
    "token_issue",
    "token_revoke",
    "token_use",
    "user_change",
    "user_close",
    "user_factors_remove",
    "user_open",
    "user_reopen",
    "user_unlock",
]
