"""Seals the letters of a concern under its own content key, and opens them again.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front, bound to the letter; the key is wrapped by
the installation's key store.  Whoever opens has asked the gate, or holds the passphrase.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shoumi.engine.errors import EvidenceError
from shoumi.server.concerns.models import Letter

NONCE_BYTES: Final = 12


class SealedLetterError(EvidenceError):
    """What is stored is not what was sealed for this letter."""

    code = "concerns.sealed"
    message = "A letter of a concern does not open: it was altered or belongs to another one."


def seal(letter: Letter, text: str, secret: bytes) -> None:
    """Put `text` into `letter`, which is not saved."""
    nonce = os.urandom(NONCE_BYTES)
    letter.sealed = nonce + AESGCM(secret).encrypt(nonce, text.encode(), _bound_to(letter))


def unseal(letter: Letter, secret: bytes) -> str:
    """Return the text of `letter`; nothing if it was erased.

    Raises:
        SealedLetterError: it was altered, or moved from another row.
    """
    content = bytes(letter.sealed)
    if not content:
        return ""
    try:
        return (
            AESGCM(secret).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], _bound_to(letter)).decode()
        )
    except InvalidTag as error:
        raise SealedLetterError from error


def _bound_to(letter: Letter) -> bytes:
    return b"shoumi/concerns/" + letter.pk.bytes
