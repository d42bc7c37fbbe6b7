"""The port behind which key-encryption keys live, so that a file can give way to an HSM unnoticed.

Words: OpenTDF (`WrappedKey`, `kid`).  A data key is wrapped together with a context that says what it is
for; it unwraps under the same context only, so wrapped keys cannot be swapped between records.
The port is pure: no file, no network.  Its local twin is `keyfile.KeyFileStore`, its fake one
`tests/fakes/keys.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shoumi.engine.errors import ConfigurationError, ConflictError, EvidenceError

KEY_BYTES = 32  # AES-256


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key in the shape in which it may be stored."""

    kid: str  # which key-encryption key wrapped it
    data: bytes  # opaque to everybody but the key store of the same kind


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be told about one key-encryption key."""

    kid: str
    created: str  # RFC 3339, UTC
    state: str  # "current", "unwrap-only" or "destroyed"


class UnknownKeyError(ConfigurationError):
    """The key store never had this key, so it is not the store (or the backup) that belongs to the data."""

    code = "configuration.key_unknown"
    message = "The key store has no key {kid}; check that the key file belongs to this installation."


class DestroyedKeyError(ConflictError):
    """The key was destroyed on purpose; what it wrapped cannot be read again by anybody."""

    code = "conflict.key_destroyed"
    message = "The key {kid} was destroyed; what it protected can no longer be read."


class CurrentKeyError(ConflictError):
    """The key still wraps new data keys; make a new one first."""

    code = "conflict.key_current"
    message = "The key {kid} is in use for new data; rotate before destroying it."


class WrappedKeyError(EvidenceError):
    """The wrapped key was altered, or is presented for something other than it was made for."""

    code = "evidence.wrapped_key"
    message = "A wrapped key does not hold: it was altered or belongs to something else."


class KeyStore(Protocol):
    """Anything that wraps data keys under keys that never leave it."""

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Return `data_key` (16 to 64 bytes) wrapped under the current key, bound to `context`."""
        ...

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Return the data key.

        Raises:
            WrappedKeyError: altered, or wrapped for another context.
            DestroyedKeyError: its key was destroyed.
            UnknownKeyError: its key was never here.
        """
        ...

    def rotate(self) -> str:
        """Make a new current key and return its kid; the older ones unwrap only from now on."""
        ...

    def destroy(self, kid: str) -> None:
        """Forget the key `kid` for ever; what it wrapped becomes unreadable.

        Raises:
            CurrentKeyError: it is the current key.
            UnknownKeyError: it was never here.
        """
        ...

    def facts(self) -> tuple[KeyFacts, ...]:
        """Return what may be told of every key, oldest first."""
        ...
