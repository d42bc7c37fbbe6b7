"""The text of a key file: canonical JSON, optionally with every key wrapped under a passphrase.

Sources: RFC 7914 (scrypt), NIST SP 800-38D (AES-GCM).  `docs/formats/stored-file.md` describes it for a
reader without this code.  Reads and writes text only; files, modes and locks are `keyfile`'s task.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from shoumi.connectors.keys.port import KEY_BYTES, WrappedKeyError
from shoumi.connectors.keys.wrapping import unwrap_bytes, wrap_bytes
from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.errors import ConfigurationError

FORMAT: Final = "shoumi-keys/1"
CURRENT: Final = "current"
UNWRAP_ONLY: Final = "unwrap-only"
DESTROYED: Final = "destroyed"

SCRYPT_COST: Final = 1 << 17  # 128 MiB and about half a second, once per process
_SALT_BYTES: Final = 16
_CHECK_BYTES: Final = 16


class KeyFileDamagedError(ConfigurationError):
    """The key file is not what this program wrote."""

    code = "configuration.key_file_damaged"
    message = "The key file is damaged ({reason}); restore it from its backup."


class KeyPassphraseError(ConfigurationError):
    """The passphrase and the key file do not belong together."""

    code = "configuration.key_passphrase"
    message = "The passphrase does not open the key file: {reason}."


@dataclass(frozen=True, slots=True)
class Scrypt:
    """How the passphrase becomes a key."""

    salt: bytes
    cost: int = SCRYPT_COST  # a power of two
    block: int = 8
    parallel: int = 1


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One key-encryption key as the file holds it."""

    kid: str
    created: str  # RFC 3339, UTC
    state: str  # CURRENT, UNWRAP_ONLY or DESTROYED
    key: bytes = b""  # 32 bytes; empty when destroyed


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """Everything in a key file, opened."""

    keys: tuple[StoredKey, ...]  # oldest first; exactly one is current
    scrypt: Scrypt | None = None  # None: protected by the file's mode alone

    def with_new_key(self, kid: str, created: str) -> KeyDocument:
        """Return the document with a fresh current key; the others unwrap only."""
        older = tuple(replace(key, state=UNWRAP_ONLY) if key.state == CURRENT else key for key in self.keys)
        return replace(self, keys=(*older, StoredKey(kid, created, CURRENT, os.urandom(KEY_BYTES))))

    def without_key(self, kid: str) -> KeyDocument:
        """Return the document with `kid` destroyed; its name stays, so that nobody wonders."""
        keys = tuple(replace(key, state=DESTROYED, key=b"") if key.kid == kid else key for key in self.keys)
        return replace(self, keys=keys)

    def write(self, passphrase: str) -> bytes:
        """Return the file's bytes; every key is wrapped when the document has scrypt parameters."""
        under = _derive(passphrase, self.scrypt) if self.scrypt else b""
        return (
            canonical_bytes(
                {
                    "format": FORMAT,
                    "protection": _written_protection(self.scrypt),
                    "keys": [_written_key(key, under) for key in self.keys],
                }
            )
            + b"\n"
        )


def new_scrypt(cost: int = SCRYPT_COST) -> Scrypt:
    """Return scrypt parameters with a fresh salt."""
    return Scrypt(salt=os.urandom(_SALT_BYTES), cost=cost)


def read_document(text: bytes, passphrase: str) -> KeyDocument:
    """Return the opened key file.

    Raises:
        KeyFileDamagedError: not a key file, or altered.
        KeyPassphraseError: the passphrase is wrong, missing, or given for a file without one.
    """
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise KeyFileDamagedError(reason="it has another format or version")
        scrypt = _read_protection(raw["protection"])
        under = _key_of(passphrase, scrypt)
        keys = tuple(_read_key(entry, under) for entry in raw["keys"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileDamagedError(reason="it cannot be parsed") from error
    if [key.state for key in keys].count(CURRENT) != 1:
        raise KeyFileDamagedError(reason="it does not have exactly one current key")
    return KeyDocument(keys, scrypt)


def _key_of(passphrase: str, scrypt: Scrypt | None) -> bytes:
    if scrypt is None:
        if passphrase:
            raise KeyPassphraseError(reason="the file has none; set one on the file first")
        return b""
    if not passphrase:
        raise KeyPassphraseError(reason="the file has one, and none was given")
    return _derive(passphrase, scrypt)


@lru_cache(maxsize=4)
def _derive(passphrase: str, scrypt: Scrypt) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(),
        salt=scrypt.salt,
        n=scrypt.cost,
        r=scrypt.block,
        p=scrypt.parallel,
        maxmem=(1 << 20) + 128 * scrypt.block * (scrypt.cost + scrypt.parallel + 2),
        dklen=KEY_BYTES,
    )


def _written_protection(scrypt: Scrypt | None) -> JSONValue:
    if scrypt is None:
        return {"kdf": "none"}
    return {
        "kdf": "scrypt",
        "salt": scrypt.salt.hex(),
        "n": scrypt.cost,
        "r": scrypt.block,
        "p": scrypt.parallel,
    }


def _read_protection(raw: dict[str, Any]) -> Scrypt | None:
    if raw["kdf"] == "none":
        return None
    if raw["kdf"] != "scrypt":
        raise KeyFileDamagedError(reason="its passphrase method is not scrypt")
    return Scrypt(bytes.fromhex(raw["salt"]), int(raw["n"]), int(raw["r"]), int(raw["p"]))


def _facts(key: StoredKey) -> bytes:
    return f"{FORMAT}\0{key.kid}\0{key.created}".encode()


def _check(key: StoredKey) -> str:
    """Return a value that tells a damaged key from a sound one, and nothing about the key."""
    return hmac.new(key.key, _facts(key), hashlib.sha256).digest()[:_CHECK_BYTES].hex()


def _written_key(key: StoredKey, under: bytes) -> JSONValue:
    entry: dict[str, JSONValue] = {"kid": key.kid, "created": key.created, "state": key.state}
    if key.state != DESTROYED:
        entry["key"] = (wrap_bytes(under, key.key, _facts(key)) if under else key.key).hex()
        entry["check"] = _check(key)
    return entry


def _read_key(raw: dict[str, Any], under: bytes) -> StoredKey:
    key = StoredKey(str(raw["kid"]), str(raw["created"]), str(raw["state"]))
    if key.state == DESTROYED:
        return key
    if key.state not in {CURRENT, UNWRAP_ONLY}:
        raise KeyFileDamagedError(reason="a key has an unknown state", kid=key.kid)
    secret = bytes.fromhex(raw["key"])
    if under:
        try:
            secret = unwrap_bytes(under, secret, _facts(key))
        except WrappedKeyError as error:
            raise KeyPassphraseError(reason="it is another passphrase, or the file is damaged") from error
    opened = replace(key, key=secret)
    if len(secret) != KEY_BYTES or not hmac.compare_digest(_check(opened), raw["check"]):
        raise KeyFileDamagedError(reason="a key fails its check", kid=key.kid)
    return opened
