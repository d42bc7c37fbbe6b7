"""RAR archives as their writers lay them out, with members that are only stored, some said to be encrypted.

Sources: RAR 5.0 archive format (rarlab.com/technote.htm); for RAR 4 the headers that libarchive reads.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

Members = Mapping[str, bytes]


def _number(value: int) -> bytes:
    told = bytearray()
    while value > 0x7F:
        told.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*told, value))


def _header(*fields: int, rest: bytes = b"") -> bytes:
    body = b"".join(map(_number, fields)) + rest
    sized = _number(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def rar5(members: Members, sealed: Members) -> bytes:
    """Return an archive of RAR 5; what is `sealed` bears the record of encryption."""
    blocks = [b"Rar!\x1a\x07\x01\x00", _header(1, 0, 0)]
    for name, content in (*members.items(), *sealed.items()):
        record = bytes((1, 0, 0, 15)) + bytes(32) if name in sealed else b""  # encryption, AES-256
        extra = _number(len(record)) + record if record else b""
        told = name.encode()
        fields = b"".join(map(_number, (0, len(content), 0x20, 0, 1, len(told)))) + told
        lengths = (2, 3, len(extra), len(content)) if extra else (2, 2, len(content))
        blocks += [_header(*lengths, rest=fields + extra), content]
    return b"".join((*blocks, _header(5, 0, 0)))


def _block(kind: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def rar4(members: Members, sealed: Members) -> bytes:
    """Return an archive of RAR 4; what is `sealed` bears the flag of a password."""
    blocks = [b"Rar!\x1a\x07\x00", _block(0x73, 0, bytes(6))]
    for name, content in (*members.items(), *sealed.items()):
        facts = struct.pack(
            "<IIBIIBBHI", len(content), len(content), 3, zlib.crc32(content), 0, 20, 0x30, len(name), 0o100644
        )
        flags = 0x8000 | (0x04 if name in sealed else 0)
        blocks += [_block(0x74, flags, facts + name.encode()), content]
    return b"".join((*blocks, _block(0x7B, 0x4000, b"")))
