"""Where index files and their keys lie on a machine, and how they are named.

An index is `NAME.index` in the index directory and its key `NAME.key` in the key directory, 64 hexadecimal
digits in a file that nobody but its owner may read.  The two directories are apart on purpose: whoever copies
the indexes has no keys.  A path stands for itself.  Keys are never taken from a command line, where every
process of the machine sees them.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shoumi.engine.errors import ConfigurationError, InputError

SUFFIX: Final = ".index"
KEY_SUFFIX: Final = ".key"
KEY_BYTES: Final = 32
_NAME: Final = re.compile(r"[\w][\w.-]{0,99}")


class IndexNameError(InputError):
    """An index cannot be called that."""

    code = "input.index_name"
    message = "An index is named with letters, digits, hyphen, dot and underscore, not {name}."


class IndexMissingError(InputError):
    """There is no such index."""

    code = "input.index_missing"
    message = "There is no index {name}; looked at {path}."


class IndexKeyMissingError(ConfigurationError):
    """The key of an index cannot be read."""

    code = "configuration.index_key_missing"
    message = "The key {path} of the index {name} cannot be read: {reason}."


class IndexKeyExposedError(ConfigurationError):
    """Others may read the key of an index."""

    code = "configuration.index_key_exposed"
    message = "The key {path} may be read by others; make it yours alone with chmod 600."


@dataclass(frozen=True, slots=True)
class IndexFile:
    """An index and where its key lies."""

    path: Path
    key: Path
    held: bytes = field(default=b"", repr=False)  # the key itself, where it came without a file

    def parameters(self) -> list[str]:
        """Return path and key file as plain JSON, or the key in hexadecimal where it has no file."""
        return [str(self.path), str(self.key), self.held.hex()]

    @classmethod
    def from_parameters(cls, value: list[str]) -> IndexFile:
        """Return the index that `parameters` wrote."""
        path, key, held = value
        return cls(Path(path), Path(key), bytes.fromhex(held))

    @property
    def name(self) -> str:
        """The name that people use."""
        return self.path.name.removesuffix(SUFFIX)

    def read_key(self) -> bytes:
        """Return the key.

        Raises:
            IndexKeyMissingError: it is not there, or is no key.
            IndexKeyExposedError: others may read it.
        """
        if self.held:
            return self.held
        try:
            with self.key.open("rb") as stream:
                if os.fstat(stream.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise IndexKeyExposedError(path=str(self.key))
                text = stream.read(4 * KEY_BYTES)
        except OSError as error:
            raise IndexKeyMissingError(
                path=str(self.key), name=self.name, reason=error.strerror or ""
            ) from error
        try:
            key = bytes.fromhex(text.decode("ascii").strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise IndexKeyMissingError(path=str(self.key), name=self.name, reason="it is no key")
        return key

    def write_key(self) -> bytes:
        """Make a new key, keep it where nobody else reads it, and return it; one that is there stays."""
        if self.key.exists():
            return self.read_key()
        self.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = secrets.token_bytes(KEY_BYTES)
        descriptor = os.open(self.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(key.hex().encode() + b"\n")
        return key

    def write(self, content: bytes) -> None:
        """Replace the index: whoever reads it has the old one or the new one, never a half."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self.path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class IndexShelf:
    """The two directories of a machine."""

    indexes: Path
    keys: Path

    @classmethod
    def of_environment(cls, indexes: Path | None = None, keys: Path | None = None) -> IndexShelf:
        """Return the directories that were given, or named by the environment, or those of this account."""
        data = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
        settings = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
        return cls(
            indexes or Path(os.environ.get("SHOUMI_INDEX_DIRECTORY") or data / "shoumi" / "indexes"),
            keys or Path(os.environ.get("SHOUMI_INDEX_KEY_DIRECTORY") or settings / "shoumi" / "index-keys"),
        )

    def place(self, name: str) -> IndexFile:
        """Return where the index `name` lies, or would.

        Raises:
            IndexNameError: nothing may be called that.
        """
        if not _NAME.fullmatch(name):
            raise IndexNameError(name=name)
        return IndexFile(self.indexes / f"{name}{SUFFIX}", self.keys / f"{name}{KEY_SUFFIX}")

    def find(self, name: str) -> IndexFile:
        """Return the index that `name` names or, if it holds a slash, lies at.

        Raises:
            IndexMissingError: it is not there.
            IndexNameError: nothing may be called that.
        """
        if os.sep in name:
            path = Path(name)
            found = IndexFile(path, self.keys / (path.name.removesuffix(SUFFIX) + KEY_SUFFIX))
        else:
            found = self.place(name)
        if not found.path.is_file():
            raise IndexMissingError(name=name, path=str(found.path))
        return found

    def all(self) -> Iterator[IndexFile]:
        """Yield the indexes that are there, by name."""
        if self.indexes.is_dir():
            for path in sorted(self.indexes.glob(f"*{SUFFIX}")):
                if not path.name.startswith("."):
                    yield self.find(path.name.removesuffix(SUFFIX))
