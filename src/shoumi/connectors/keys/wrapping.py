"""Wraps a short key under another one with AES-256-GCM.

Source: NIST SP 800-38D (GCM; a random 96-bit nonce per wrapping, at most 2**32 wrappings per key).
Form: nonce (12 bytes), ciphertext (as long as the key), tag (16 bytes).  Keeps no key.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shoumi.connectors.keys.port import WrappedKeyError

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


def wrap_bytes(key: bytes, secret: bytes, context: bytes) -> bytes:
    """Return `secret` encrypted under `key` (32 bytes) and bound to `context`; 28 bytes longer."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, context)


def unwrap_bytes(key: bytes, wrapped: bytes, context: bytes) -> bytes:
    """Return the secret that `wrap_bytes` wrapped under the same `key` and `context`.

    Raises:
        WrappedKeyError: too short, altered, or made under another key or context.
    """
    if len(wrapped) <= NONCE_BYTES + TAG_BYTES:
        raise WrappedKeyError
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
    except InvalidTag as error:
        raise WrappedKeyError from error
