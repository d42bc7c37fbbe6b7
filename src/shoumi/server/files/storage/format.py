"""The stored-file format: one content, encrypted in chunks so that any part can be read alone.

Sources: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015) over AES-256-GCM
(NIST SP 800-38D); described byte by byte in `docs/formats/stored-file.md`.
A fresh data key per body makes a nonce unique even when a content is written twice.  Knows no database, no
key store and no place on disk: it is handed open files and a 32-byte file key.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shoumi.connectors.keys.port import KEY_BYTES, WrappedKeyError
from shoumi.connectors.keys.wrapping import unwrap_bytes, wrap_bytes
from shoumi.engine.errors import EvidenceError, InputError

MAGIC: Final = b"\x89SHOUMI\n"  # the high bit and the line feed show a transfer in text mode
VERSION: Final = 1
AES_256_GCM: Final = 1
CHUNK_BYTES: Final = 1 << 20
TAG_BYTES: Final = 16

_FACTS: Final = struct.Struct(">8sHHI16s16s7sx")
_WRAPPED_BYTES: Final = 60
HEADER_BYTES: Final = _FACTS.size + _WRAPPED_BYTES  # 116
_PREFIX_BYTES: Final = 7
_NONCE: Final = struct.Struct(">7sIB")
_BINDING: Final = struct.Struct(">16sH")
_LARGEST_CHUNK: Final = 1 << 24
_MOST_CHUNKS: Final = 1 << 32


class NotStoredFileError(InputError):
    """The bytes are not a stored file of a version this program reads."""

    code = "input.not_stored_file"
    message = "This is not a stored file of a known version: {reason}."


class StoredFileAlteredError(EvidenceError):
    """The stored bytes were altered, cut, reordered, or belong to another file."""

    code = "evidence.stored_file_altered"
    message = "The stored file does not hold: {reason}."


@dataclass(frozen=True, slots=True)
class Header:
    """The facts at the beginning of a stored file."""

    file_id: UUID  # whose content this is
    key_id: UUID  # which file key opens it
    prefix: bytes  # 7 random bytes at the head of every nonce
    chunk_bytes: int = CHUNK_BYTES  # plaintext per chunk, except the last

    def facts(self) -> bytes:
        """Return the 56 bytes that say all this; the wrapped data key is bound to them."""
        return _FACTS.pack(
            MAGIC, VERSION, AES_256_GCM, self.chunk_bytes, self.file_id.bytes, self.key_id.bytes, self.prefix
        )

    def binding(self) -> bytes:
        """Return what every chunk is bound to besides its place."""
        return _BINDING.pack(self.file_id.bytes, VERSION)

    def nonce(self, index: int, *, last: bool) -> bytes:
        """Return the nonce of chunk `index`; only the last chunk carries the flag."""
        return _NONCE.pack(self.prefix, index, last)


class StoredWriter:
    """Encrypts a stream into `sink`, holding at most one chunk and what was handed in last."""

    __slots__ = ("_cipher", "_header", "_index", "_pending", "_sink", "size_bytes")

    def __init__(
        self, sink: BinaryIO, *, file_id: UUID, key_id: UUID, file_key: bytes, chunk_bytes: int = CHUNK_BYTES
    ) -> None:
        """Write the header to `sink`, with a fresh data key wrapped under `file_key` (32 bytes)."""
        data_key = os.urandom(KEY_BYTES)
        self._header = Header(file_id, key_id, os.urandom(_PREFIX_BYTES), chunk_bytes)
        self._cipher = AESGCM(data_key)
        self._sink = sink
        self._index = 0
        self._pending = bytearray()
        self.size_bytes = 0  # of the plaintext so far
        facts = self._header.facts()
        sink.write(facts + wrap_bytes(file_key, data_key, facts))

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take in the next bytes, of any length."""
        self._pending += data
        self.size_bytes += len(data)
        chunk_bytes = self._header.chunk_bytes
        while len(self._pending) > chunk_bytes:  # a full chunk may still turn out to be the last
            self._emit(last=False)
            del self._pending[:chunk_bytes]

    def finish(self) -> None:
        """Write the last chunk, which an empty content has too.  The sink stays open."""
        self._emit(last=True)
        self._pending.clear()

    def _emit(self, *, last: bool) -> None:
        if self._index >= _MOST_CHUNKS:
            raise NotStoredFileError(reason="the content needs more than 2**32 chunks")
        with memoryview(self._pending) as whole, whole[: self._header.chunk_bytes] as chunk:
            nonce = self._header.nonce(self._index, last=last)
            self._sink.write(self._cipher.encrypt(nonce, chunk, self._header.binding()))
        self._index += 1


class StoredReader(io.RawIOBase):
    """Reads the plaintext of one stored file like an open binary file; each byte returned was verified."""

    def __init__(self, source: BinaryIO, *, file_id: UUID, key_id: UUID, file_key: bytes) -> None:
        """Read the header and the last chunk, so that a cut file is refused before its first byte is used.

        The reader owns `source` (seekable) and closes it.

        Raises:
            NotStoredFileError: no stored file of a version known here.
            StoredFileAlteredError: it belongs to another file, or was cut or altered.
        """
        super().__init__()
        self._source = source
        length = source.seek(0, os.SEEK_END)
        source.seek(0)
        head = source.read(HEADER_BYTES)
        self._header = read_header(head)
        if (self._header.file_id, self._header.key_id) != (file_id, key_id):
            raise StoredFileAlteredError(reason="it is the content of another file")
        try:
            data_key = unwrap_bytes(file_key, head[_FACTS.size :], self._header.facts())
        except WrappedKeyError as error:
            raise StoredFileAlteredError(
                reason="its header was altered, or the key is another one"
            ) from error
        self._cipher = AESGCM(data_key)
        self._chunks, self.size_bytes = _shape(length - HEADER_BYTES, self._header.chunk_bytes)
        self._position = 0
        self._cached = -1
        self._cache = b""
        self._chunk(self._chunks - 1)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position in the plaintext."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to a position in the plaintext and return it."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size_bytes}[whence]
        if start + offset < 0:
            msg = "a position before the beginning"
            raise ValueError(msg)
        self._position = start + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill `buffer` as far as one chunk reaches and return the count; 0 at the end."""
        if self._position >= self.size_bytes:
            return 0
        index, start = divmod(self._position, self._header.chunk_bytes)
        part = memoryview(self._chunk(index))[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def read(self, size: int | None = -1, /) -> bytes:
        """Return exactly `size` bytes unless the content ends before; everything if negative or None."""
        left = max(0, self.size_bytes - self._position)
        wanted = left if size is None or size < 0 else min(size, left)
        buffer = bytearray(wanted)
        filled = 0
        with memoryview(buffer) as view:
            while filled < wanted:
                filled += self.readinto(view[filled:])
        return bytes(buffer)

    def chunks(self) -> Iterator[bytes]:
        """Yield what is left in the format's own chunks (1 MiB), the fastest way through."""
        while self._position < self.size_bytes:
            index, start = divmod(self._position, self._header.chunk_bytes)
            chunk = self._chunk(index)[start:]
            self._position += len(chunk)
            yield chunk

    def close(self) -> None:
        """Close the source and forget the last chunk."""
        if not self.closed:
            self._source.close()
            self._cache = b""
        super().close()

    def _chunk(self, index: int) -> bytes:
        if index != self._cached:
            step = self._header.chunk_bytes + TAG_BYTES
            self._source.seek(HEADER_BYTES + index * step)
            sealed = self._source.read(step)
            nonce = self._header.nonce(index, last=index == self._chunks - 1)
            try:
                self._cache = self._cipher.decrypt(nonce, sealed, self._header.binding())
            except InvalidTag as error:
                raise StoredFileAlteredError(
                    reason="a part of it was altered or moved", chunk=index
                ) from error
            self._cached = index
        return self._cache


def read_header(head: bytes) -> Header:
    """Return the facts in the first 116 bytes; they are believed only after the data key has opened.

    Raises:
        NotStoredFileError: too short, another format, another version, or an impossible chunk size.
    """
    if len(head) < HEADER_BYTES:
        raise NotStoredFileError(reason="it is too short")
    magic, version, suite, chunk_bytes, file_id, key_id, prefix = _FACTS.unpack_from(head)
    if magic != MAGIC:
        raise NotStoredFileError(reason="it begins with other bytes")
    if (version, suite) != (VERSION, AES_256_GCM):
        raise NotStoredFileError(reason="it has another version", version=version, suite=suite)
    if not 1 <= chunk_bytes <= _LARGEST_CHUNK:
        raise NotStoredFileError(reason="its parts have an impossible size", chunk_bytes=chunk_bytes)
    header = Header(UUID(bytes=file_id), UUID(bytes=key_id), prefix, chunk_bytes)
    if header.facts() != head[: _FACTS.size]:
        raise NotStoredFileError(reason="its padding is not zero")
    return header


def sealed_size(size_bytes: int, chunk_bytes: int = CHUNK_BYTES) -> int:
    """Return how many bytes a content of `size_bytes` takes on disk."""
    chunks = max(1, -(-size_bytes // chunk_bytes))
    return HEADER_BYTES + size_bytes + chunks * TAG_BYTES


def _shape(body: int, chunk_bytes: int) -> tuple[int, int]:
    """Return the number of chunks and the plaintext's size of a body of `body` bytes."""
    full, rest = divmod(body, chunk_bytes + TAG_BYTES)
    if rest and (rest < TAG_BYTES or (full and rest == TAG_BYTES)):
        raise StoredFileAlteredError(reason="it was cut")
    chunks = full + bool(rest)
    if not chunks:
        raise StoredFileAlteredError(reason="it was cut")
    return chunks, body - chunks * TAG_BYTES
