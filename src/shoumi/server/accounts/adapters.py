"""How django-allauth and django-axes are bent to this house: no self-registration, encrypted factor secrets.

Accounts are opened by the IT administrator, never by their users; a company sign-in service (OpenID Connect)
only signs in users who exist already, by the e-mail address it vouches for.
Which rules bind a signed-in user is `gate`'s concern.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shoumi.engine.errors import ConfigurationError
from shoumi.server.accounts.services.sign_in import user_named

_NONCE_BYTES = 12
_INFO = b"shoumi accounts second factor 1"


class FactorSecretError(ConfigurationError):
    """The stored secret of a second factor cannot be read: the server's secret key was changed."""

    code = "accounts.factor_secret"
    message = "The secret of a second factor cannot be read; was the secret key changed?"


class AccountAdapter(DefaultAccountAdapter):
    """Signs in; registers nobody."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody registers themselves."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Signs in users who exist already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - same
        """An unknown person of the company's sign-in service gets no account by themselves."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of one-time codes and recovery codes encrypted in the database."""

    def _get_site_name(self) -> str:
        return "Shoumi"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """Return the name that the form for a new passkey proposes."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted with AES-256-GCM under a key derived from the server's secret key."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(_factor_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), _INFO)
        return urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given.

        Raises:
            FactorSecretError: it was encrypted under another key.
        """
        data = urlsafe_b64decode(encrypted_text)
        for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                plain = AESGCM(_factor_key(secret_key)).decrypt(
                    data[:_NONCE_BYTES], data[_NONCE_BYTES:], _INFO
                )
            except InvalidTag:
                continue
            return plain.decode()
        raise FactorSecretError


def _factor_key(secret_key: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=_INFO).derive(secret_key.encode())


def lockout_name(_request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Return under which name attempts are counted: the user's own, however it was typed.

    Names that nobody has are counted by their hash: what was typed might be a password.
    """
    typed = (credentials or {}).get("username") or (credentials or {}).get("email") or ""
    if not typed:
        return None
    user = user_named(str(typed))
    return (
        user.username if user else "unknown:" + hashlib.sha256(str(typed).lower().encode()).hexdigest()[:24]
    )


def lockout_page(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """Return the page for somebody who is locked out after guessing."""
    del original_response, credentials
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
