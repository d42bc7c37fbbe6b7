"""Signing with the password: whoever sits at an open session must not find the password by guessing here.

After as many wrong passwords as would lock signing in, nobody signs for that account until the cooling-off is
over, not even with the right one.  Each wrong password is in the ledger.  What is signed is the caller's.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache

from shoumi.engine.errors import RefusalError
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.sign_in import sign_in_failed, sign_in_locked

METHOD = "signature"


class SignatureError(RefusalError):
    """The password did not match: nothing was signed."""

    code = "accounts.signature"
    message = "The password is not right, so nothing was signed and nothing has happened."


class SignatureLockedError(RefusalError):
    """Too many wrong passwords: nothing can be signed for a while."""

    code = "accounts.signature_locked"
    message = "Too many wrong passwords: nothing can be signed with it for {minutes} minutes."


def signature_verify(*, actor: User, password: str) -> None:
    """Return if `password` is the actor's own; call it outside a transaction, so that a failure is kept.

    Raises:
        SignatureError: it is not.
        SignatureLockedError: there were too many wrong ones; the password was not looked at.
    """
    key, seconds = f"signature-failures:{actor.pk}", int(settings.AXES_COOLOFF_TIME.total_seconds())
    if cache.get(key, 0) >= settings.AXES_FAILURE_LIMIT:
        raise SignatureLockedError(minutes=seconds // 60)
    if actor.check_password(password):
        cache.delete(key)
        return
    cache.add(key, 0, seconds)
    wrong = cache.incr(key)
    sign_in_failed(login=actor.username, address="", method=METHOD)
    if wrong >= settings.AXES_FAILURE_LIMIT:
        sign_in_locked(login=actor.username, address="")
    raise SignatureError
