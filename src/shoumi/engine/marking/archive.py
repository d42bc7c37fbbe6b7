"""Reads and writes the zip of an office file so that untouched members are carried over as they are stored.

Sources: PKWARE APPNOTE 6.3.9 (4.3.7, 4.3.12, 4.3.16); ECMA-376 part 2, annex B, which allows store and
deflate. A member that nobody changed keeps its compressed bytes, its time and its place, so that marking
costs little and the same input gives the same output.  Zip64 and encrypted members are refused: no
office program writes them.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace
from typing import Final

from shoumi.engine.marking.errors import DamagedError, EncryptedError, TooLargeError, UnsupportedFeatureError

MOST_PARTS: Final = 20_000
MOST_BYTES: Final = 1 << 30  # of all members unpacked
MOST_RATIO: Final = 200  # unpacked to packed; office XML reaches about 100 at worst
RATIO_FREE_BYTES: Final = 20 << 20  # small files may be as dense as they like
MOST_PART_BYTES: Final = 256 << 20  # of one member that is read

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_UTF8: Final = 0x800
_MOST: Final = (1 << 32) - 1
_EPOCH: Final = (0, (1 << 5) | 1)  # 1980-01-01 00:00, what every new member gets
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what an office file with a password is wrapped into


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the zip."""

    name: str
    method: int
    stored: bytes  # as it stands in the zip
    crc: int
    size: int  # unpacked
    time: tuple[int, int]  # DOS time and date

    def read(self) -> bytes:
        """Return the content.

        Raises:
            DamagedError: it does not unpack to the size and checksum that the directory promises.
        """
        if self.size > MOST_PART_BYTES:
            raise TooLargeError(what=f"part {self.name}", limit=MOST_PART_BYTES)
        content = self.stored
        if self.method == zipfile.ZIP_DEFLATED:
            unpacking = zlib.decompressobj(-15)
            try:
                content = unpacking.decompress(self.stored, self.size + 1)
            except zlib.error as error:
                raise DamagedError(reason=f"{self.name} does not unpack") from error
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise DamagedError(reason=f"{self.name} has another checksum")
        return content


def packed(name: str, content: bytes, time: tuple[int, int] = _EPOCH) -> Member:
    """Return a member with `content`, deflated."""
    packing = zlib.compressobj(6, zlib.DEFLATED, -15)
    stored = packing.compress(content) + packing.flush()
    return Member(name, zipfile.ZIP_DEFLATED, stored, zlib.crc32(content), len(content), time)


def read_members(data: bytes) -> list[Member]:
    """Return the members of the zip in the order of its directory.

    Raises:
        EncryptedError, DamagedError, TooLargeError, UnsupportedFeatureError: it is not to be opened.
    """
    if data.startswith(_COMPOUND):
        raise EncryptedError
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            start = archive.start_dir
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        struct.error,
        UnicodeError,
        NotImplementedError,
    ) as error:
        raise DamagedError(reason="it is no zip, or its directory is broken") from error
    _verify(infos, len(data))
    members = [_member(data, info, start) for info in infos]
    names = [member.name for member in members]
    if len({name.lower() for name in names}) != len(names):
        raise DamagedError(reason="two parts have the same name")
    return members


def _verify(infos: list[zipfile.ZipInfo], size: int) -> None:
    if len(infos) > MOST_PARTS:
        raise TooLargeError(what="number of parts", limit=MOST_PARTS)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_BYTES:
        raise TooLargeError(what="unpacked size", limit=MOST_BYTES)
    if unpacked > RATIO_FREE_BYTES and unpacked > size * MOST_RATIO:
        raise TooLargeError(what="expansion ratio", limit=MOST_RATIO)
    if any(info.flag_bits & 0x1 for info in infos):
        raise EncryptedError
    if any(info.compress_type not in _METHODS for info in infos):
        raise UnsupportedFeatureError(reason="a part is compressed by an unusual method")


def _member(data: bytes, info: zipfile.ZipInfo, start: int) -> Member:
    at = info.header_offset
    try:
        facts = _LOCAL.unpack_from(data, at)
    except struct.error as error:
        raise DamagedError(reason=f"{info.filename} lies outside the file") from error
    begin = at + _LOCAL.size + facts[9] + facts[10]
    end = begin + info.compress_size
    if facts[0] != b"PK\x03\x04" or end > start:
        raise DamagedError(reason=f"{info.filename} lies outside the file")
    year, month, day, hour, minute, second = info.date_time
    time = (hour << 11 | minute << 5 | second // 2, max(0, year - 1980) << 9 | month << 5 | day)
    return Member(info.filename, info.compress_type, data[begin:end], info.CRC, info.file_size, time)


def written(members: list[Member]) -> bytes:
    """Return the zip of `members` in their order."""
    body, directory, at = [], [], 0
    for member in members:
        name = member.name.encode()
        flags = 0 if member.name.isascii() else _UTF8
        facts = (
            flags,
            member.method,
            *member.time,
            member.crc,
            len(member.stored),
            member.size,
            len(name),
            0,
        )
        body += [_LOCAL.pack(b"PK\x03\x04", 20, *facts), name, member.stored]
        directory += [_CENTRAL.pack(b"PK\x01\x02", 20, 20, *facts, 0, 0, 0, 0, at), name]
        at += _LOCAL.size + len(name) + len(member.stored)
    size = sum(map(len, directory))
    if at + size > _MOST:
        raise TooLargeError(what="size", limit=_MOST)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), size, at, 0)
    return b"".join([*body, *directory, end])


def renewed(member: Member, content: bytes) -> Member:
    """Return `member` with another content, everything else as it was."""
    return replace(packed(member.name, content), time=member.time)
