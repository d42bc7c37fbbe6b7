"""The members of a ZIP package, unpacked one at a time and within limits.

Source: PKWARE APPNOTE 6.3 (flag bit 0 says encrypted, bit 11 says the name is UTF-8).  A member that is
damaged, encrypted or out of proportion is noted and passed over; the others are read.  For office packages;
archives of people's own files are `archives`' task.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.values import Reason

_BLOCK = 1 << 20
_HEAD = 4096
_LOCAL = 30  # bytes of the header before a member, without its name
UTF8_NAME = 0x800  # flag
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError)


class Package:
    """An opened package; each member is unpacked when it is asked for."""

    def __init__(self, content: bytes, harvest: Harvest) -> None:
        """Read the directory.

        Raises:
            ClosedError: there is none, or it is damaged.
        """
        self._harvest = harvest
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _FAULTS as error:
            raise ClosedError(Reason.DAMAGED, "its directory of members is broken") from error
        self.members = {
            info.filename: info for info in self._zip.infolist() if not info.filename.endswith("/")
        }
        harvest.spend("members", len(self.members), harvest.limits.members)
        self._left = dict.fromkeys(self.members)

    def take(self, name: str) -> bytes | None:
        """Return a member and tick it off, or note why it stays closed and return None."""
        if name not in self.members:
            return None
        self._left.pop(name, None)
        try:
            return unpack(self._zip, self.members[name], self._harvest)
        except ClosedError as error:
            if type(error) is not ClosedError:
                raise
            self._harvest.closed(error.reason, error.detail, name)
            return None

    def peek(self, name: str) -> bytes | None:
        """Return a member that will be taken again later; what is wrong with it is noted then."""
        try:
            return unpack(self._zip, self.members[name], self._harvest) if name in self.members else None
        except ClosedError:
            return None

    def head(self, name: str) -> bytes:
        """Return the beginning of a member, or nothing if it is encrypted or broken."""
        try:
            with self._zip.open(name) as stream:
                return stream.read(_HEAD)
        except (*_FAULTS, NotImplementedError):
            return b""

    def left(self) -> Iterator[str]:
        """Give the names that nobody has taken yet."""
        yield from list(self._left)

    def pass_over(self, name: str) -> None:
        """Tick a member off without reading it."""
        self._left.pop(name, None)


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, harvest: Harvest) -> bytes:
    """Return a member.

    Raises:
        ClosedError: encrypted, damaged, too large or out of proportion.
        SpentError: the whole file unfolds to too much.
    """
    limits = harvest.limits
    if info.flag_bits & 1:
        raise ClosedError(Reason.ENCRYPTED, "a member with a password")
    if info.file_size > limits.content_bytes:
        raise ClosedError(Reason.TOO_LARGE, f"more than {limits.content_bytes} bytes unpacked")
    if harvest.out_of_proportion(info.file_size, info.compress_size):
        raise ClosedError(Reason.TOO_LARGE, f"unpacks to more than {limits.ratio} times its size")
    room = limits.unpacked_bytes - harvest.used.get("unpacked_bytes", 0)
    try:
        with archive.open(_named_as_it_stands(archive, info)) as stream:
            if info.file_size <= _BLOCK:
                content = stream.read(_BLOCK + 1)
            else:
                content = stream.read(min(info.file_size, room) + 1)
    except NotImplementedError as error:
        raise ClosedError(Reason.UNKNOWN, f"compressed by method {info.compress_type}") from error
    except _FAULTS as error:
        raise ClosedError(Reason.DAMAGED, "its packed bytes are broken") from error
    return harvest.unpacked(content, info.compress_size)


def _named_as_it_stands(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return `info` with the name that stands before the member's bytes.

    Programs write it in another encoding than in the directory, and zipfile then refuses the member.
    """
    stream = archive.fp
    if stream is None:
        return info
    stream.seek(info.header_offset)
    head = stream.read(_LOCAL)
    name = stream.read(int.from_bytes(head[26:28], "little"))
    codec = "utf-8" if info.flag_bits & UTF8_NAME else "cp437"
    written = name.decode(codec, "replace")
    if head[:4] != b"PK\3\4" or written == info.orig_filename:
        return info
    as_it_stands = copy(info)
    as_it_stands.orig_filename = written
    return as_it_stands
