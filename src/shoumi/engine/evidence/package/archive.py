"""The zip form of a package: one layout for one content, so that every byte of it is accounted for.

Source: PKWARE APPNOTE 6.3 (stored members, ZIP64 where a number needs it).  The writer fixes every
header byte: no compression, no comment, no extra field but ZIP64, the time 1980-01-01, names sorted.
The reader takes names and sizes from the directory, lays the archive out anew and compares; what
remains is the members' content, which the manifests cover.  It opens no file and makes none.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from shoumi.engine.errors import EvidenceError

MAX_MEMBERS: Final = 100_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}(/[A-Za-z0-9][A-Za-z0-9._-]{0,119}){0,4}")

_FULL: Final = 0xFFFFFFFF  # stands in a 32-bit field whose number is in the ZIP64 part
_FULL_COUNT: Final = 0xFFFF
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR: Final = struct.Struct("<4sIQI")
_DATE: Final = (1 << 5) | 1  # 1 January 1980, the first day a zip knows
_MADE_BY: Final = 3 << 8  # Unix, for the permissions
_FILE_MODE: Final = 0o100644 << 16
_PROGRAM_MODE: Final = 0o100755 << 16
_BLOCK_BYTES: Final = 1 << 20


class ArchiveShapeError(EvidenceError):
    """The archive is not laid out as packages are: something was altered, added or repacked."""

    code = "evidence.archive_shape"
    message = (
        "The zip is not as it was written: {reason}. Unpack it and verify the folder if it was repacked."
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive."""

    name: str  # with the top folder, ASCII
    size_bytes: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Every byte of an archive that is not content."""

    headers: tuple[bytes, ...]  # one before each member's content
    offsets: tuple[int, ...]  # where each header begins
    tail: bytes  # the directory and the end


def lay_out(members: Iterable[Member]) -> Layout:
    """Return the layout of an archive of `members`, in their order."""
    headers: list[bytes] = []
    offsets: list[int] = []
    directory: list[bytes] = []
    at = 0
    for member in members:
        header = _local_header(member)
        headers.append(header)
        offsets.append(at)
        directory.append(_central_header(member, at))
        at += len(header) + member.size_bytes
    central = b"".join(directory)
    return Layout(tuple(headers), tuple(offsets), central + _end(len(headers), len(central), at))


def _local_header(member: Member) -> bytes:
    name = member.name.encode("ascii")
    extra, size = b"", member.size_bytes
    if size >= _FULL:
        extra, size = struct.pack("<2H2Q", 1, 16, size, size), _FULL
    version = 45 if extra else 20
    fixed = _LOCAL.pack(b"PK\3\4", version, 0, 0, 0, _DATE, member.crc32, size, size, len(name), len(extra))
    return fixed + name + extra


def _central_header(member: Member, offset: int) -> bytes:
    name = member.name.encode("ascii")
    size, at, wide = member.size_bytes, offset, b""
    if size >= _FULL:
        wide, size = struct.pack("<2Q", size, size), _FULL
    if offset >= _FULL:
        wide, at = wide + struct.pack("<Q", offset), _FULL
    extra = struct.pack("<2H", 1, len(wide)) + wide if wide else b""
    version = 45 if wide else 20
    mode = _PROGRAM_MODE if name.endswith((b"/verify.sh", b"/verify.py")) else _FILE_MODE
    fixed = _CENTRAL.pack(
        *(b"PK\1\2", _MADE_BY | version, version, 0, 0, 0, _DATE, member.crc32, size, size),
        *(len(name), len(extra), 0, 0, 0, mode, at),
    )
    return fixed + name + extra


def _end(count: int, directory_bytes: int, at: int) -> bytes:
    wide = b""
    if count >= _FULL_COUNT or directory_bytes >= _FULL or at >= _FULL:
        wide = _END64.pack(b"PK\6\6", 44, _MADE_BY | 45, 45, 0, 0, count, count, directory_bytes, at)
        wide += _LOCATOR.pack(b"PK\6\7", 0, at + directory_bytes, 1)
    counts = min(count, _FULL_COUNT)
    return wide + _END.pack(b"PK\5\6", 0, 0, counts, counts, min(directory_bytes, _FULL), min(at, _FULL), 0)


class ArchiveFiles:
    """The files of a package in zip form, read from a seekable stream; the layout has been compared."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the directory of `stream` and compare everything but the contents.

        Raises:
            ArchiveShapeError: it differs in any byte from what the writer would have written.
        """
        self._stream = stream
        end = stream.seek(0, 2)
        members, begin = _read_directory(stream, end)
        layout = lay_out(members)
        stream.seek(begin)
        if stream.read(end - begin) != layout.tail:  # it names its own place, so nothing can precede it
            raise ArchiveShapeError(reason="its directory differs")
        for member, header, offset in zip(members, layout.headers, layout.offsets, strict=True):
            stream.seek(offset)
            if stream.read(len(header)) != header:
                raise ArchiveShapeError(reason=f"the header of {member.name} differs")
        self.folder = _top_folder(members)
        skip = len(self.folder) + 1
        self._places = {
            member.name[skip:]: (offset + len(header), member)
            for member, header, offset in zip(members, layout.headers, layout.offsets, strict=True)
        }

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, without the top folder."""
        return tuple(self._places)

    def size(self, name: str) -> int:
        """Return the length of file `name` in bytes."""
        return self._places[name][1].size_bytes

    @contextmanager
    def open(self, name: str) -> Iterator[_MemberStream]:
        """Give a stream over file `name`; one at a time.

        Raises:
            ArchiveShapeError: (when read to the end) the content has another CRC-32 than the header.
        """
        begin, member = self._places[name]
        self._stream.seek(begin)
        yield _MemberStream(self._stream, member)


class _MemberStream:
    """Reads one member and compares its CRC-32 at the end."""

    def __init__(self, stream: BinaryIO, member: Member) -> None:
        self._stream = stream
        self._member = member
        self._left = member.size_bytes
        self._crc = 0

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, and none at the end."""
        block = self._stream.read(min(size, self._left, _BLOCK_BYTES))
        self._crc = zlib.crc32(block, self._crc)
        self._left -= len(block)
        if not block and (self._left or self._crc != self._member.crc32):
            raise ArchiveShapeError(reason=f"the content of {self._member.name} has another checksum")
        return block


def _read_directory(stream: BinaryIO, end: int) -> tuple[list[Member], int]:
    """Return the members that the directory names, and where it begins; nothing is compared yet."""
    try:
        count, begin = _read_end(stream, end)
        if not 0 < count <= MAX_MEMBERS or not 0 < begin < end:
            raise ArchiveShapeError(reason="its end names no directory")
        stream.seek(begin)
        raw = stream.read(min(end - begin, MAX_MEMBERS * 1024))
        members: list[Member] = []
        at = 0
        for _ in range(count):
            member, at = _read_central(raw, at)
            members.append(member)
    except (struct.error, UnicodeDecodeError) as error:
        raise ArchiveShapeError(reason="its directory cannot be read") from error
    names = [member.name for member in members]
    if names != sorted(set(names)) or not all(map(NAME.fullmatch, names)):
        raise ArchiveShapeError(reason="its names are not plain, sorted and different")
    return members, begin


def _read_end(stream: BinaryIO, end: int) -> tuple[int, int]:
    stream.seek(max(0, end - _END.size - _LOCATOR.size - _END64.size))
    raw = stream.read()
    magic, _, _, _, count, _, begin, _ = _END.unpack(raw[-_END.size :])
    if magic != b"PK\5\6":
        raise ArchiveShapeError(reason="it does not end as a zip does")
    if count == _FULL_COUNT or begin == _FULL:
        fields = _END64.unpack(raw[: _END64.size])
        count, begin = fields[7], fields[9]
    return count, begin


def _read_central(raw: bytes, at: int) -> tuple[Member, int]:
    fields = _CENTRAL.unpack_from(raw, at)
    crc, size, name_bytes, extra_bytes = fields[7], fields[9], fields[10], fields[11]
    name_at = at + _CENTRAL.size
    name = raw[name_at : name_at + name_bytes].decode("ascii")
    if size == _FULL:
        size = struct.unpack_from("<Q", raw, name_at + name_bytes + 4)[0]
    return Member(name, size, crc), name_at + name_bytes + extra_bytes


def _top_folder(members: list[Member]) -> str:
    tops = {member.name.partition("/")[0] for member in members}
    if len(tops) != 1 or any("/" not in member.name for member in members):
        raise ArchiveShapeError(reason="its files are not all in one folder")
    return tops.pop()
