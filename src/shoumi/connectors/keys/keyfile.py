"""A key store in one file with mode 0600: what a small installation has instead of an HSM.

The file lies outside the database, so that a stolen database (or its backup) opens nothing.  It is replaced
as a whole, durably, under a lock; processes notice a rotation by the file's identity.
Losing the file loses everything it protects: backing it up apart from the data is the operator's task.
Overwriting a destroyed key is done as far as the file system allows; copies in backups are not reached.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Final

from shoumi.connectors.keys.document import (
    CURRENT,
    DESTROYED,
    FORMAT,
    KeyDocument,
    Scrypt,
    StoredKey,
    new_scrypt,
    read_document,
)
from shoumi.connectors.keys.port import (
    CurrentKeyError,
    DestroyedKeyError,
    KeyFacts,
    UnknownKeyError,
    WrappedKey,
)
from shoumi.connectors.keys.wrapping import unwrap_bytes, wrap_bytes
from shoumi.engine.clock import Clock, SystemClock, format_time
from shoumi.engine.errors import ConfigurationError

_OPEN_TO_OTHERS: Final = 0o077
_WRITABLE_BY_OTHERS: Final = 0o022


class KeyFileMissingError(ConfigurationError):
    """There is no key file where one is expected."""

    code = "configuration.key_file_missing"
    message = "The key file {path} is missing; restore it from its backup."


class KeyFileOpenError(ConfigurationError):
    """Others than the owner may read, write or replace the key file."""

    code = "configuration.key_file_open"
    message = "{path} is open to others (mode {mode}); run: chmod {wanted} {path}"


class KeyFileOwnerError(ConfigurationError):
    """The key file belongs to another account, or is no plain file."""

    code = "configuration.key_file_owner"
    message = "{path} must be a plain file that belongs to the account running Shoumi."


class KeyFileExistsError(ConfigurationError):
    """A key file is never overwritten by a new one."""

    code = "configuration.key_file_exists"
    message = "The key file {path} exists already and is not overwritten."


class KeyFileStore:
    """The `KeyStore` over one file.  Safe to share between threads; several processes may use one file."""

    def __init__(self, path: Path, passphrase: str = "", *, clock: Clock | None = None) -> None:
        """Open the key file at `path`; `passphrase` is empty when its mode alone protects it.

        Raises:
            KeyFileMissingError, KeyFileOpenError, KeyFileOwnerError: see there.
            KeyFileDamagedError, KeyPassphraseError: see `document`.
        """
        self._path = Path(path)
        self._passphrase = passphrase
        self._clock = clock or SystemClock()
        self._lock = RLock()
        self._seen: tuple[int, ...] = ()
        self._document = KeyDocument(())
        self._refresh()

    @classmethod
    def create(
        cls, path: Path, passphrase: str = "", *, clock: Clock | None = None, scrypt: Scrypt | None = None
    ) -> KeyFileStore:
        """Write a new key file with one key, durably, and open it.

        Of two processes that call this at once, one wins and the other raises.

        Raises:
            KeyFileExistsError: there is one already.
        """
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        empty = KeyDocument((), (scrypt or new_scrypt()) if passphrase else None)
        document = empty.with_new_key(_new_kid(), format_time((clock or SystemClock()).now()))
        with _locked(path):
            if path.exists():
                raise KeyFileExistsError(path=str(path))
            _write(path, document.write(passphrase))
        return cls(path, passphrase, clock=clock)

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Wrap under the current key; see the port."""
        self._refresh()
        key = next(key for key in self._document.keys if key.state == CURRENT)
        return WrappedKey(key.kid, wrap_bytes(key.key, data_key, _bound(key.kid, context)))

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Unwrap under whatever key wrapped it; see the port."""
        self._refresh()
        key = self._find(wrapped.kid)
        if key.state == DESTROYED:
            raise DestroyedKeyError(kid=key.kid)
        return unwrap_bytes(key.key, wrapped.data, _bound(key.kid, context))

    def rotate(self) -> str:
        """Add a new current key; durable when it returns."""
        kid = _new_kid()
        with self._changing():
            self._document = self._document.with_new_key(kid, format_time(self._clock.now()))
        return kid

    def destroy(self, kid: str) -> None:
        """Remove the key from the file and overwrite the old file's bytes."""
        with self._changing(overwrite=True):
            if self._find(kid).state == CURRENT:
                raise CurrentKeyError(kid=kid)
            self._document = self._document.without_key(kid)

    def facts(self) -> tuple[KeyFacts, ...]:
        """Return what may be told of every key, oldest first."""
        self._refresh()
        return tuple(KeyFacts(key.kid, key.created, key.state) for key in self._document.keys)

    def change_passphrase(self, passphrase: str, *, scrypt: Scrypt | None = None) -> None:
        """Protect the file with another passphrase, or with its mode alone if it is empty."""
        with self._changing(overwrite=True):
            self._document = replace(self._document, scrypt=(scrypt or new_scrypt()) if passphrase else None)
            self._passphrase = passphrase

    def _find(self, kid: str) -> StoredKey:
        for key in self._document.keys:
            if key.kid == kid:
                return key
        raise UnknownKeyError(kid=kid)

    def _refresh(self) -> None:
        """Read the file again if it was replaced since; one `stat` when it was not."""
        with self._lock:
            try:
                seen = _identity(self._path.stat(follow_symlinks=False))
                if seen != self._seen:
                    self._document = read_document(_read(self._path), self._passphrase)
                    self._seen = seen
            except FileNotFoundError as error:
                raise KeyFileMissingError(path=str(self._path)) from error

    @contextmanager
    def _changing(self, *, overwrite: bool = False) -> Iterator[None]:
        """Hold the lock, start from what the file says now, and write what the block leaves behind."""
        with self._lock, _locked(self._path):
            self._refresh()
            before = self._document, self._passphrase
            try:
                yield
                _write(self._path, self._document.write(self._passphrase), overwrite=overwrite)
            except BaseException:
                self._document, self._passphrase = before
                raise
            self._seen = _identity(self._path.stat(follow_symlinks=False))


def _new_kid() -> str:
    return f"kek-{secrets.token_hex(8)}"


def _bound(kid: str, context: bytes) -> bytes:
    return f"{FORMAT}\0{kid}\0".encode() + context


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode, found.st_uid)


def _read(path: Path) -> bytes:
    """Return the file's bytes after looking at who else may touch it."""
    folder = path.parent.stat()
    if folder.st_mode & _WRITABLE_BY_OTHERS and not folder.st_mode & stat.S_ISVTX:
        raise KeyFileOpenError(path=str(path.parent), mode=_mode(folder), wanted="700")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileOwnerError(path=str(path)) from error
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        mine = found.st_uid == os.geteuid() or os.geteuid() == 0
        if not stat.S_ISREG(found.st_mode) or not mine:
            raise KeyFileOwnerError(path=str(path))
        if found.st_mode & _OPEN_TO_OTHERS:
            raise KeyFileOpenError(path=str(path), mode=_mode(found), wanted="600")
        return file.read()


def _mode(found: os.stat_result) -> str:
    return f"{stat.S_IMODE(found.st_mode):04o}"


def _write(path: Path, text: bytes, *, overwrite: bool = False) -> None:
    """Replace `path` by `text` with mode 0600; on disk, including the name, before it returns."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    old = os.open(path, os.O_WRONLY | os.O_NOFOLLOW) if overwrite else -1
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        if overwrite:
            os.pwrite(old, bytes(os.fstat(old).st_size), 0)
            os.fsync(old)
    finally:
        draft.unlink(missing_ok=True)
        if overwrite:
            os.close(old)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other processes from changing `path` inside the block."""
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
