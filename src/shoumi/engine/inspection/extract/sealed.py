"""Which members of an archive have a password, where libarchive does not tell.

Sources: RAR 5.0 archive format (rarlab.com/technote.htm: headers, file header, extra area, record 0x01);
archive_entry(3).  libarchive 3.6, as Debian 12 has it, takes the encrypted bytes of RAR 5 for packed ones and
calls them damaged.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any, Final

_MARK: Final = b"Rar!\x1a\x07\x01\x00"
_EXTRA, _DATA = 1, 2  # flags of a header: what follows it
_TIME, _CHECKSUM = 2, 4  # flags of a file
_FILE, _END = 2, 5  # types of headers
_ENCRYPTION: Final = 1  # type of a record in the extra area
_LONGEST: Final = 10  # bytes of a number
_HEADERS_MOST: Final = 100_000


def is_sealed(entry: Any) -> bool:  # noqa: ANN401 - libarchive has no types
    """Tell whether libarchive says that a member is encrypted."""
    return bool(_asked()(entry._entry_p))  # noqa: SLF001 - the package gives no other way to it


@cache
def _asked() -> Any:  # noqa: ANN401 - see above
    from libarchive import ffi

    return ffi.ffi("entry_is_data_encrypted", [ffi.c_archive_entry_p], ctypes.c_int)


def sealed_members(content: bytes) -> frozenset[str]:
    """Return the names of the encrypted members of a RAR 5 archive; of a broken one, as far as it goes."""
    found: set[str] = set()
    if content.startswith(_MARK):
        with suppress(IndexError):
            for name in _sealed(content):
                found.add(name)
    return frozenset(found)


def _sealed(content: bytes) -> Iterator[str]:
    place = len(_MARK)
    for _header in range(_HEADERS_MOST):
        if place + 4 >= len(content):
            return
        size, body = _number(content, place + 4)
        behind = body + size
        kind, at = _number(content, body)
        flags, at = _number(content, at)
        extra = data = 0
        if flags & _EXTRA:
            extra, at = _number(content, at)
        if flags & _DATA:
            data, at = _number(content, at)
        if kind == _FILE and _ENCRYPTION in _records(content, behind - extra, behind):
            yield _name(content, at)
        if kind == _END:
            return
        place = behind + data


def _name(content: bytes, at: int) -> str:
    flags, at = _number(content, at)
    for _field in ("unpacked size", "attributes"):
        at = _number(content, at)[1]
    at += (4 if flags & _TIME else 0) + (4 if flags & _CHECKSUM else 0)
    for _field in ("compression", "system"):
        at = _number(content, at)[1]
    length, at = _number(content, at)
    return content[at : at + length].decode("utf-8", "replace")


def _records(content: bytes, start: int, end: int) -> Iterator[int]:
    """Yield the types of the records in an extra area."""
    while 0 < start < end:
        size, body = _number(content, start)
        yield _number(content, body)[0]
        start = body + max(size, 1)


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where it ends.

    Raises:
        IndexError: it does not end.
    """
    value = 0
    for step in range(_LONGEST):
        value |= (content[at + step] & 0x7F) << 7 * step
        if content[at + step] < 0x80:  # noqa: PLR2004 - the bit that says one more follows
            return value, at + step + 1
    raise IndexError
