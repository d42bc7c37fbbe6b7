"""Issues and revokes personal access tokens for the API.

A token is shown once; its hash, rights and expiry are kept.  A token never does more than its user may:
its rights only narrow, and every call still passes the gate.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.models import AccessToken, User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

PREFIX = "shoumi_"  # lets secret scanners find a token that leaked
LONGEST = timedelta(days=366)
AREAS = ("*", "people", "secrets", "approvals", "files", "notifications", "ledger", "scim")
RIGHTS = tuple(f"{area}:{mode}" for area in AREAS for mode in ("read", "write"))


class TokenFormError(InputError):
    """The token asked for cannot be: its rights or its expiry are wrong."""

    code = "accounts.token_form"
    message = "The access token cannot be issued: {reason}"


class TokenRevokedError(ConflictError):
    """The token has been revoked already."""

    code = "accounts.token_revoked"
    message = "The access token has been revoked already."


def token_issue(
    *, actor: User, name: str, rights: Iterable[str], expires_at: datetime
) -> tuple[AccessToken, str]:
    """Return a new token of `actor` and, this once, its secret text.

    Raises:
        NotPermittedError: `actor` is not active.
        TokenFormError: no rights, an unknown right, or an expiry in the past or more than a year ahead.
    """
    now = clock().now()
    wanted = sorted(set(rights))
    if not wanted or not set(wanted) <= set(RIGHTS):
        raise TokenFormError(reason="choose at least one of the offered rights.")
    if not now < expires_at <= now + LONGEST:
        raise TokenFormError(reason="it expires in the future, and within a year.")
    gate.require(actor, Action.TOKEN_ISSUE, queries.user_resource(actor))
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = AccessToken.objects.create(
            user=actor,
            name=name,
            secret_sha256=queries.secret_sha256(secret),
            rights=wanted,
            created_at=now,
            expires_at=expires_at,
        )
        append(
            LedgerTag.ACCOUNTS_TOKEN_ISSUED,
            actor=actor.ledger_actor,
            subject=f"token:{token.pk}",
            detail={"name": name, "rights": wanted, "expires": expires_at.isoformat()},
        )
    return token, secret


def token_revoke(*, actor: User, token: AccessToken) -> None:
    """End a token now: one's own, or with `account.manage` another's.

    Raises:
        NotPermittedError: the token is another's and `actor` may not manage the account.
        TokenRevokedError: it was revoked before.
    """
    if token.user_id != actor.pk:
        gate.require(actor, Action.ACCOUNT_MANAGE, queries.user_resource(token.user))
    with transaction.atomic():
        found = AccessToken.objects.select_for_update(no_key=True).get(pk=token.pk)
        if found.revoked_at is not None:
            raise TokenRevokedError
        found.revoked_at = clock().now()
        found.save(update_fields=["revoked_at"])
        append(
            LedgerTag.ACCOUNTS_TOKEN_REVOKED,
            actor=actor.ledger_actor,
            subject=f"token:{found.pk}",
            detail={"user": str(found.user_id)},
        )


def token_use(*, token: AccessToken) -> None:
    """Note on which day a token was used last; at most one write a day."""
    today = clock().now().date()
    if token.last_used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)
