"""A key store in memory: the fake twin of the key file."""

from __future__ import annotations

import os

from shoumi.connectors.keys.port import (
    CurrentKeyError,
    DestroyedKeyError,
    KeyFacts,
    UnknownKeyError,
    WrappedKey,
)
from shoumi.connectors.keys.wrapping import unwrap_bytes, wrap_bytes


class FakeKeyStore:
    """Behaves like `KeyFileStore` and forgets everything with the process."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}
        self.rotate()

    @property
    def current(self) -> str:
        return next(reversed(self._keys))

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        key = self._keys[self.current]
        assert key is not None
        return WrappedKey(self.current, wrap_bytes(key, data_key, context))

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        if wrapped.kid not in self._keys:
            raise UnknownKeyError(kid=wrapped.kid)
        key = self._keys[wrapped.kid]
        if key is None:
            raise DestroyedKeyError(kid=wrapped.kid)
        return unwrap_bytes(key, wrapped.data, context)

    def rotate(self) -> str:
        kid = f"fake-{len(self._keys) + 1}"
        self._keys[kid] = os.urandom(32)
        return kid

    def destroy(self, kid: str) -> None:
        if kid not in self._keys:
            raise UnknownKeyError(kid=kid)
        if kid == self.current:
            raise CurrentKeyError(kid=kid)
        self._keys[kid] = None

    def facts(self) -> tuple[KeyFacts, ...]:
        def state(kid: str) -> str:
            if self._keys[kid] is None:
                return "destroyed"
            return "current" if kid == self.current else "unwrap-only"

        return tuple(KeyFacts(kid, "2026-03-01T09:00:00.000000Z", state(kid)) for kid in self._keys)
