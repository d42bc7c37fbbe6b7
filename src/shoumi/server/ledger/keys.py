"""The ledger's secret keys: files with mode 0600 outside the database, made once.

`ledger-seal.key` seals rows, so that whoever writes to the database without it is noticed;
`ledger-signing.key` (Ed25519, PEM) signs checkpoints.
A key that is missing while the ledger has entries is never made anew: every old seal would look forged.
Backing the files up is the operator's task, see `docs/guides/en/ledger-operations.md`.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from shoumi.engine.errors import ConfigurationError
from shoumi.engine.evidence.notes import Ed25519Signer
from shoumi.server.ledger.models import LedgerCheckpoint, LedgerEntry

SEAL_KEY_BYTES: Final = 32


class LedgerKeyMissingError(ConfigurationError):
    """The ledger has entries, but the key that sealed or signed them is gone."""

    code = "configuration.ledger_key_missing"
    message = "The ledger has entries but its key file {path} is missing; restore it from the backup."


class LedgerKeyOpenError(ConfigurationError):
    """Others may read or write the key file."""

    code = "configuration.ledger_key_open"
    message = "The key file {path} is open to others (mode {mode}); run: chmod 600 {path}"


class LedgerKeyShapeError(ConfigurationError):
    """The key file does not hold a key."""

    code = "configuration.ledger_key_shape"
    message = "The key file {path} does not hold a key of the expected form."


def key_directory() -> Path:
    """Return the directory of the key files."""
    return Path(settings.CONFIG.data_directory).absolute() / "keys"


def seal_key() -> bytes:
    """Return the key of the row seals, 32 bytes; made on first use of an empty ledger.

    Raises:
        LedgerKeyMissingError, LedgerKeyOpenError, LedgerKeyShapeError: see there.
    """
    return _seal_key(settings.CONFIG.data_directory)


@cache
def _seal_key(data_directory: Path) -> bytes:
    path = data_directory.absolute() / "keys" / "ledger-seal.key"
    text = read_or_make_key(
        path, lambda: secrets.token_hex(SEAL_KEY_BYTES) + "\n", used=LedgerEntry.objects.exists
    )
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != SEAL_KEY_BYTES:
        raise LedgerKeyShapeError(path=str(path))
    return key


def log_signer() -> Ed25519Signer:
    """Return the signer of checkpoints, named by the configured origin; made on first use of an empty ledger.

    Raises:
        LedgerKeyMissingError, LedgerKeyOpenError, LedgerKeyShapeError: see there.
    """
    return _log_signer(key_directory() / "ledger-signing.key", settings.CONFIG.ledger_origin)


@cache
def _log_signer(path: Path, origin: str) -> Ed25519Signer:
    text = read_or_make_key(path, _new_signing_key, used=LedgerCheckpoint.objects.exists)
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise LedgerKeyShapeError(path=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerKeyShapeError(path=str(path))
    return Ed25519Signer(origin, key)


def _new_signing_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def read_or_make_key(path: Path, make: Callable[[], str], *, used: Callable[[], bool]) -> str:
    """Return the text of the key file `path`; if there is none and it was never used, write `make()` there.

    Two processes that start at once end up with the same key.

    Raises:
        LedgerKeyMissingError: the file is missing and the ledger has something made with it.
        LedgerKeyOpenError: the file's mode lets others in.
    """
    if not path.exists():
        if used():
            raise LedgerKeyMissingError(path=str(path))
        _write_once(path, make())
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise LedgerKeyOpenError(path=str(path), mode=f"{mode:04o}")
    return path.read_text(encoding="ascii")


def _write_once(path: Path, text: str) -> None:
    """Write `text` to `path` with mode 0600 unless somebody else was faster; durable before it returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    finally:
        draft.unlink()
