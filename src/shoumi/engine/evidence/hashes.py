"""Hashes: what a leaf, a node and a file are called in the ledger.

Sources: RFC 9162 section 2.1.1 (leaf and node prefixes); FIPS 180-4 (SHA-256); GB/T 32905 (SM3),
which stands beside SHA-256 for exhibits and never alone.  Reads streams it is handed; opens no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from shoumi.engine.errors import InputError, UnavailableError

Digest: TypeAlias = bytes  # SHA-256, 32 bytes; `as_digest` checks what comes from outside

DIGEST_BYTES: Final = 32
LEAF: Final = b"\x00"  # the two prefixes keep a node from posing as a leaf
NODE: Final = b"\x01"
EMPTY_ROOT: Final[Digest] = hashlib.sha256().digest()  # the root of a ledger without entries

_BLOCK_BYTES: Final = 1 << 20


class DigestShapeError(InputError):
    """The bytes given as a digest are not 32 bytes."""

    code = "input.digest_shape"
    message = "A SHA-256 digest has 32 bytes, this one has {length}."


class SM3MissingError(UnavailableError):
    """The OpenSSL that Python runs on was built without SM3."""

    code = "unavailable.sm3"
    message = "This Python's OpenSSL offers no SM3; install one that does."


class ByteStream(Protocol):
    """Anything that is read like an open binary file."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, and none at the end."""
        ...


def as_digest(raw: bytes | memoryview) -> Digest:
    """Return `raw` as a digest.

    Raises:
        DigestShapeError: it is not 32 bytes long.
    """
    value = bytes(raw)
    if len(value) != DIGEST_BYTES:
        raise DigestShapeError(length=len(value))
    return value


def sha256(data: bytes) -> Digest:
    """Return the SHA-256 of `data`, 32 bytes."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """Return the SM3 of `data`, 32 bytes.

    Raises:
        SM3MissingError: this Python has no SM3.
    """
    hasher = _new_sm3()
    hasher.update(data)
    return hasher.digest()


def leaf_hash(data: bytes) -> Digest:
    """Return the hash under which an entry of bytes `data` stands in the tree."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: Digest, right: Digest) -> Digest:
    """Return the hash of the node over `left` and `right`, 32 bytes each."""
    return hashlib.sha256(NODE + left + right).digest()


@dataclass(frozen=True, slots=True)
class FileDigests:
    """What identifies a file's content: both national hashes and its length."""

    sha256: str  # 64 lower-case hex digits
    sm3: str  # 64 lower-case hex digits
    size_bytes: int


class _Hasher(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


def _new_sm3() -> _Hasher:
    try:
        return hashlib.new("sm3")
    except ValueError as error:
        raise SM3MissingError from error


class DoubleHasher:
    """SHA-256 and SM3 over one stream, in one reading."""

    __slots__ = ("_sha256", "_size", "_sm3")

    def __init__(self) -> None:
        self._sha256: _Hasher = hashlib.sha256()
        self._sm3 = _new_sm3()
        self._size = 0

    def update(self, block: bytes) -> None:
        """Take in the next `block`."""
        self._sha256.update(block)
        self._sm3.update(block)
        self._size += len(block)

    def digests(self) -> FileDigests:
        """Return the hashes of everything taken in so far."""
        return FileDigests(sha256=self._sha256.hexdigest(), sm3=self._sm3.hexdigest(), size_bytes=self._size)


def blocks_of(stream: ByteStream) -> Iterator[bytes]:
    """Yield what is left of `stream` in blocks of at most 1 MiB."""
    while block := stream.read(_BLOCK_BYTES):
        yield block


def digests_of(stream: ByteStream) -> FileDigests:
    """Return both hashes of what is left of `stream`, without holding it in memory.

    Raises:
        SM3MissingError: this Python has no SM3.
    """
    hasher = DoubleHasher()
    for block in blocks_of(stream):
        hasher.update(block)
    return hasher.digests()
