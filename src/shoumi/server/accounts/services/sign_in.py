"""Records what happens around signing in: success, failure, lock-out, passwords, second factors, sessions.

Called by `receivers`, which only turn the signals of Django, allauth and axes into these calls.
A failed attempt is recorded without the name that was typed: it might be a password in the wrong field.
"""

from __future__ import annotations

from allauth.mfa.app_settings import TOTP_PERIOD, TOTP_TOLERANCE
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction

from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag, Tag

UNKNOWN = "user:unknown"
CODE_HOLDS = (2 * TOTP_TOLERANCE + 1) * TOTP_PERIOD  # seconds in which the clock lets a one-time code pass


def user_named(login: str) -> User | None:
    """Return the user with this sign-in name or e-mail address, in any case of letters."""
    name = login.strip()
    if not name:
        return None
    found = User.objects.filter(username__iexact=name).first()
    return found or User.objects.filter(email__iexact=name).first()


def code_is_used_first(*, user: User, code: str) -> bool:
    """Remember that `user` used this one-time code; False if that was so already (RFC 6238, section 5.2)."""
    return bool(cache.add(_code_key(user, code), True, timeout=CODE_HOLDS))


def code_was_used(*, user: User, code: str) -> bool:
    """Return whether `user` used this one-time code while it may still pass."""
    return cache.get(_code_key(user, code)) is not None


def _code_key(user: User, code: str) -> str:
    return f"shoumi.accounts.code?user={user.pk}&code={''.join(filter(str.isdigit, code))}"


def _record(tag: Tag, actor: str, subject: str, **detail: str) -> None:
    with transaction.atomic():
        append(tag, actor=actor, subject=subject, detail=detail)


def sign_in_succeeded(*, user: User, address: str, method: str) -> None:
    """Record that `user` signed in from the network address `address` by `method` (password, mfa, …)."""
    _record(
        LedgerTag.ACCOUNTS_SIGN_IN_SUCCEEDED,
        user.ledger_actor,
        user.ledger_actor,
        address=address,
        method=method,
    )


def sign_in_failed(*, login: str, address: str, method: str) -> None:
    """Record an attempt with a wrong password, code or passkey."""
    user = user_named(login)
    subject = user.ledger_actor if user else UNKNOWN
    _record(LedgerTag.ACCOUNTS_SIGN_IN_FAILED, "system:accounts", subject, address=address, method=method)


def sign_in_locked(*, login: str, address: str) -> None:
    """Record that a sign-in name is locked after guessing."""
    user = user_named(login)
    subject = user.ledger_actor if user else UNKNOWN
    _record(LedgerTag.ACCOUNTS_SIGN_IN_LOCKED, "system:accounts", subject, address=address)


def sign_out_done(*, user: User) -> None:
    """Record that `user` signed out."""
    _record(LedgerTag.ACCOUNTS_SIGN_OUT_SUCCEEDED, user.ledger_actor, user.ledger_actor)


def password_changed(*, user: User) -> None:
    """Record that `user` changed the own password."""
    _record(LedgerTag.ACCOUNTS_PASSWORD_CHANGED, user.ledger_actor, user.ledger_actor)


def password_reset(*, user: User) -> None:
    """Record that a new password was set through a link, and end every session of `user`."""
    with transaction.atomic():
        for session in UserSession.objects.filter(user=user):
            session.end()
        append(
            LedgerTag.ACCOUNTS_PASSWORD_RESET, actor=user.ledger_actor, subject=user.ledger_actor, detail={}
        )


def factor_added(*, user: User, kind: str) -> None:
    """Record a new second factor (`totp`, `webauthn`, `recovery_codes`)."""
    _record(LedgerTag.ACCOUNTS_FACTOR_ADDED, user.ledger_actor, user.ledger_actor, kind=kind)


def factor_removed(*, user: User, kind: str) -> None:
    """Record that `user` removed a second factor."""
    _record(LedgerTag.ACCOUNTS_FACTOR_REMOVED, user.ledger_actor, user.ledger_actor, kind=kind)


def factor_renewed(*, user: User, kind: str) -> None:
    """Record that recovery codes were made anew."""
    _record(LedgerTag.ACCOUNTS_FACTOR_RENEWED, user.ledger_actor, user.ledger_actor, kind=kind)


def session_revoke(*, actor: User, sessions: list[UserSession]) -> int:
    """End some of one's own sessions and return how many; others' sessions in the list are left alone."""
    own = [session for session in sessions if session.user_id == actor.pk]
    with transaction.atomic():
        for session in own:
            session.end()
        if own:
            append(
                LedgerTag.ACCOUNTS_SESSION_REVOKED,
                actor=actor.ledger_actor,
                subject=actor.ledger_actor,
                detail={"count": len(own)},
            )
    return len(own)
