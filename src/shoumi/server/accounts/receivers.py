"""Turns signals of Django, allauth and axes into calls of `services`; nothing else happens here.

Connected in `AppConfig.ready`.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa_signals
from axes.signals import user_locked_out
from django.contrib.auth import signals as auth_signals
from django.dispatch import receiver
from django.http import HttpRequest

from shoumi.server.accounts.models import User
from shoumi.server.accounts.services import sign_in


def _address(request: HttpRequest | None) -> str:
    return str(get_adapter().get_client_ip(request)) if request is not None else ""


@receiver(account_signals.user_logged_in)
def on_signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """A sign-in is complete, second factor included."""
    methods = [str(record.get("method", "")) for record in get_authentication_records(request, user)]
    sign_in.sign_in_succeeded(
        user=user, address=_address(request), method="+".join(dict.fromkeys(filter(None, methods)))
    )


@receiver(auth_signals.user_logged_out)
def on_signed_out(user: User | None, **_more: Any) -> None:
    """Somebody signed out."""
    if user is not None:
        sign_in.sign_out_done(user=user)


@receiver(auth_signals.user_login_failed)
def on_sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    """A password did not fit; attempts while the name is locked are not recorded one by one."""
    if _locked_before(request):
        return
    login = credentials.get("username") or credentials.get("email") or ""
    sign_in.sign_in_failed(login=str(login), address=_address(request), method="password")


@receiver(mfa_signals.authentication_failed)
def on_factor_failed(request: HttpRequest, user: User, **_more: Any) -> None:
    """A second factor did not fit."""
    sign_in.sign_in_failed(login=user.username, address=_address(request), method="mfa")


def _locked_before(request: HttpRequest | None) -> bool:
    """Tell whether axes refused the attempt because of earlier ones; it counts only those it let through."""
    locked = bool(getattr(request, "axes_locked_out", False))
    return locked and getattr(request, "axes_failures_since_start", None) is None


@receiver(user_locked_out)
def on_locked(
    request: HttpRequest, username: str | None = None, ip_address: str | None = None, **_more: Any
) -> None:
    """A name was locked after guessing; recorded when it happens, not on each attempt after."""
    if _locked_before(request):
        return
    sign_in.sign_in_locked(login=username or "", address=ip_address or "")


@receiver([account_signals.password_changed, account_signals.password_set])
def on_password_changed(user: User, **_more: Any) -> None:
    """A password was changed or set for the first time."""
    sign_in.password_changed(user=user)


@receiver(account_signals.password_reset)
def on_password_reset(user: User, **_more: Any) -> None:
    """A password was set through a link."""
    sign_in.password_reset(user=user)


@receiver(mfa_signals.authenticator_added)
def on_factor_added(user: User, authenticator: Any, **_more: Any) -> None:
    """A second factor was added."""
    sign_in.factor_added(user=user, kind=str(authenticator.type))


@receiver(mfa_signals.authenticator_removed)
def on_factor_removed(user: User, authenticator: Any, **_more: Any) -> None:
    """A second factor was removed by its user."""
    sign_in.factor_removed(user=user, kind=str(authenticator.type))


@receiver(mfa_signals.authenticator_reset)
def on_factor_renewed(user: User, authenticator: Any, **_more: Any) -> None:
    """Recovery codes were made anew."""
    sign_in.factor_renewed(user=user, kind=str(authenticator.type))
