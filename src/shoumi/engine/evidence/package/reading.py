"""Reading the files of a package, wherever they lie, within limits.

Rule: nothing in a package is believed before it was compared with the signed list, so every read has a
limit and every text must be UTF-8.  Opening a folder or a zip is the caller's, behind `PackageFiles`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.hashes import ByteStream

MAX_MANIFEST_BYTES: Final = 64 << 20
MAX_DETAIL_BYTES: Final = 16 << 20
MAX_TEXT_BYTES: Final = 1 << 20


class PackageShapeError(EvidenceError):
    """A file that every package has is missing, too long, or not written as it must be."""

    code = "evidence.package_shape"
    message = "The package is not whole: {reason}."


class PackageFiles(Protocol):
    """The files of a package, wherever they lie."""

    def names(self) -> Sequence[str]:
        """Return the names of all files, relative to the package, with slashes."""
        ...

    def size(self, name: str) -> int:
        """Return the length of a file in bytes."""
        ...

    def open(self, name: str) -> AbstractContextManager[ByteStream]:
        """Give a stream over a file, from its start; at most one is open at a time."""
        ...


class Texts:
    """Reads small files of a package whole, within limits."""

    def __init__(self, files: PackageFiles) -> None:
        self.files = files
        self.names = frozenset(files.names())

    def read(self, name: str, limit: int = MAX_TEXT_BYTES) -> bytes:
        """Return the content of file `name`.

        Raises:
            PackageShapeError: there is none, or it is longer than `limit` bytes.
        """
        if name not in self.names:
            raise PackageShapeError(reason=f"{name} is missing")
        if self.files.size(name) > limit:
            raise PackageShapeError(reason=f"{name} is longer than {limit} bytes")
        with self.files.open(name) as stream:
            blocks = []
            while block := stream.read(limit):
                blocks.append(block)
        return b"".join(blocks)

    def read_text(self, name: str, limit: int = MAX_TEXT_BYTES) -> str:
        """Return the content of file `name` as UTF-8.

        Raises:
            PackageShapeError: as `read`, and if it is not UTF-8.
        """
        try:
            return self.read(name, limit).decode()
        except UnicodeDecodeError as error:
            raise PackageShapeError(reason=f"{name} is not UTF-8") from error
