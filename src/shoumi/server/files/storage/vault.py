"""Plugs the key file into the key-store port, and makes and opens the keys of contents.

The key file protects `ContentKey` rows and nothing else, so that destroying one of its keys is a matter of
this app alone.  It is made on first use, and never again once there are contents.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from shoumi.connectors.keys.keyfile import KeyFileExistsError, KeyFileMissingError, KeyFileStore
from shoumi.connectors.keys.port import KEY_BYTES, KeyStore, WrappedKey
from shoumi.server.files.models import ContentKey
from shoumi.server.ledger.services import clock


def key_file_path() -> Path:
    """Return where the key file lies: as configured, or among the keys of the data directory."""
    config = settings.CONFIG
    return Path(config.key_file or config.data_directory / "keys" / "content.key").absolute()


def key_store() -> KeyStore:
    """Return the key store of this installation.

    Raises:
        ConfigurationError: a leaf that says what is wrong with the key file.
    """
    return _key_store(key_file_path(), settings.CONFIG.key_passphrase.get_secret_value())


@lru_cache(maxsize=2)
def _key_store(path: Path, passphrase: str) -> KeyStore:
    if not path.exists():
        if ContentKey.objects.exists():
            raise KeyFileMissingError(path=str(path))
        with suppress(KeyFileExistsError):  # another process was faster
            KeyFileStore.create(path, passphrase)
    return KeyFileStore(path, passphrase)


def _context(key_id: UUID) -> bytes:
    return b"shoumi/content-key/" + key_id.bytes


def new_content_key() -> tuple[ContentKey, bytes]:
    """Return a fresh key, as a row that is not yet saved and as the 32 bytes it wraps."""
    row = ContentKey(created_at=clock().now())
    secret = os.urandom(KEY_BYTES)
    rewrap(row, secret)
    return row, secret


def rewrap(row: ContentKey, secret: bytes) -> None:
    """Put `secret` into `row`, wrapped under the store's current key; the row is not saved."""
    wrapped = key_store().wrap(secret, _context(row.id))
    row.kid, row.wrapped = wrapped.kid, wrapped.data


def open_content_key(row: ContentKey) -> bytes:
    """Return the 32 bytes that `row` wraps.

    Raises:
        WrappedKeyError: the row was altered, or belongs to another content.
        DestroyedKeyError: its key-encryption key was destroyed.
        UnknownKeyError: the key file is not the one that belongs to this database.
    """
    return key_store().unwrap(WrappedKey(row.kid, bytes(row.wrapped)), _context(row.id))
