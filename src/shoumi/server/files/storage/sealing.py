"""Seals small things that stand in a row of another app, and opens them again.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front, bound to the row that holds them, under a
secret that the caller has from the key store.  Files have a format of their own (`format`).
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shoumi.engine.errors import EvidenceError

NONCE_BYTES: Final = 12


def seal(content: bytes, secret: bytes, bound_to: bytes) -> bytes:
    """Return `content` sealed under the 32 bytes of `secret`, to be opened with the same `bound_to` only."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, content, bound_to)


def unseal(sealed: bytes, secret: bytes, bound_to: bytes, *, error: type[EvidenceError]) -> bytes:
    """Return what was sealed.

    Raises:
        error: it was altered, moved from another row, or sealed under another secret.
    """
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as cause:  # a nonce cut short is a wrong value to the library
        raise error from cause
