"""Compound files (OLE): which document lies in a storage, its properties, and what is embedded in it.

Sources: MS-CFB (the container), MS-OLEPS (properties), MS-OLEDS 2.3.6 (Ole10Native), MS-OFFCRYPTO 2.3.4
(an encrypted package), MS-ODRAW 2.2.23 (pictures).  WPS writes the same containers for wps, et and dps.
A storage within the storage is read by the same readers under a prefix.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Final

import olefile

from shoumi.engine.inspection.extract import summaries
from shoumi.engine.inspection.extract.charsets import text_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.kinds import kind_of
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.values import PartKind, Reason

_BLIP: Final = re.compile(rb"(?=(..[\x1a-\x1f\x29\x2a]\xf0)(....))", re.DOTALL)
_SECTOR: Final = 512
_WIDE_WORDS: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f]{4,}")
_NARROW_WORDS: Final = re.compile(rb"[\x20-\x7e]{6,}")
_ENVELOPES: Final = {
    "EncryptedPackage": "an office file with a password",
    "\x06DataSpaces/Version": "an office file under rights management",
    "\tDRMContent": "an office file under rights management",
}


class Storage:
    """One compound file."""

    def __init__(self, content: bytes, harvest: Harvest) -> None:
        """Open it.

        Raises:
            ClosedError: its tables are broken.
        """
        self.harvest = harvest
        try:
            self._ole = olefile.OleFileIO(io.BytesIO(content))
            self.paths = {"/".join(path): path for path in self._ole.listdir()}
        except Exception as error:
            raise ClosedError(Reason.DAMAGED, "the tables of the compound file are broken") from error

    def stream(self, path: str) -> bytes:
        """Return a stream, or nothing if there is none or it is broken, which is noted."""
        found = self.paths.get(path) or next(
            (each for name, each in self.paths.items() if name.lower() == path.lower()), None
        )
        if found is None:
            return b""
        try:
            content: bytes = self._ole.openstream(found).read()
        except Exception as error:  # noqa: BLE001 - olefile breaks in many ways on broken tables
            self.harvest.closed(Reason.DAMAGED, f"a stream that is cut: {type(error).__name__}")
            return b""
        return self.harvest.unpacked(content)

    def has(self, path: str) -> bool:
        """Tell whether there is such a stream, in whatever case."""
        return any(name.lower() == path.lower() for name in self.paths)

    @property
    def sealed(self) -> str:
        """How the file of which this is the envelope is encrypted; empty if it is none."""
        return next((how for name, how in _ENVELOPES.items() if self.has(name)), "")

    def tell_sealed(self) -> None:
        """Note the encrypted file in an envelope that holds something open beside it."""
        if self.sealed:
            self.harvest.closed(Reason.ENCRYPTED, self.sealed)

    def properties(self) -> None:
        """Add what the summaries say."""
        for which, name in enumerate(summaries.STREAMS):
            for label, value in summaries.strings_of(self.stream(name), which):
                self.harvest.text(PartKind.PROPERTY, value, label)

    def prefixes(self, stream: str) -> Iterator[str]:
        """Give the paths of the storages, the root's being empty, that hold `stream`."""
        for name in self.paths:
            folder, _, last = name.rpartition("/")
            if last.lower() == stream.lower():
                yield f"{folder}/" if folder else ""


def read_embedded(storage: Storage) -> None:
    """Read packages and files that lie in storages of their own."""
    for prefix in list(storage.prefixes("Package")):
        storage.harvest.nested(prefix.rstrip("/") or "Package", storage.stream(f"{prefix}Package"))
    for prefix in list(storage.prefixes("\x01Ole10Native")):
        name, content = native(storage.stream(f"{prefix}\x01Ole10Native"))
        storage.harvest.nested(name or prefix.rstrip("/") or "object", content)
    for prefix in list(storage.prefixes("CONTENTS")):
        content = storage.stream(f"{prefix}CONTENTS")
        if content.startswith(b"%PDF-"):
            storage.harvest.nested(prefix.rstrip("/") or "CONTENTS", content)


def native(stream: bytes) -> tuple[str, bytes]:
    """Return name and content of a file dropped into a document (Ole10Native)."""
    try:
        end = stream.index(b"\0", 6)
        name = text_of(stream[6:end])
        place = stream.index(b"\0", end + 1) + 1  # its path
        place += 4  # reserved
        place += 4 + struct.unpack_from("<I", stream, place)[0]  # temporary path
        size = struct.unpack_from("<I", stream, place)[0]
    except (ValueError, struct.error):
        return "", stream[4:]
    return name.rpartition("\\")[2], stream[place + 4 : place + 4 + size]


def read_pictures(data: bytes, harvest: Harvest, label: str) -> None:
    """Keep the pictures in a stream of drawing records."""
    for found in _BLIP.finditer(data):
        size = int.from_bytes(found[2], "little")
        start = found.start() + 8
        if not 32 < size <= len(data) - start:  # noqa: PLR2004 - less is no picture
            continue
        head = data[start : start + 64]
        places = [head.find(mark) for mark in (b"\x89PNG\r\n", b"\xff\xd8\xff")]
        place = min((each for each in places if each >= 0), default=-1)
        if place >= 0:
            harvest.picture(data[start + place : start + size], label)


def read_ole(content: bytes, harvest: Harvest) -> None:
    """Read a compound file that is none of the known documents: whatever is embedded, else it stays closed.

    Raises:
        ClosedError: it is encrypted, or holds nothing known.
    """
    storage = Storage(content, harvest)
    if storage.sealed:
        raise ClosedError(Reason.ENCRYPTED, storage.sealed)
    storage.properties()
    before = len(harvest.parts) + len(harvest.unreadable)
    read_embedded(storage)
    for name in storage.paths:
        if not name.rpartition("/")[2].startswith(("\x01", "\x05", "\x03")):
            _read_loose(storage.stream(name), name, harvest)
    if len(harvest.parts) + len(harvest.unreadable) == before:
        raise ClosedError(Reason.UNKNOWN, "a compound file of an unknown program")


def _read_loose(content: bytes, name: str, harvest: Harvest) -> None:
    """Give the words of a stream nobody knows, as they stand in UTF-16 or in bytes."""
    if kind_of(content).startswith("text/"):
        harvest.text(PartKind.TEXT, text_of(content), name)
        return
    wide = _WIDE_WORDS.findall(content.decode("utf-16-le", "ignore"))
    narrow = [found.decode("ascii") for found in _NARROW_WORDS.findall(content)]
    words = [each for each in (*wide, *narrow) if sum(map(str.isalnum, each)) > len(each) // 2]
    harvest.text(PartKind.TEXT, "\n".join(words), name)


def wrapped(name: str, stream: bytes) -> bytes:
    """Return a compound file with one stream, for readers that know streams only inside one (MS-CFB 2)."""
    stream = stream.ljust(4096, b"\0")  # shorter ones would have to lie in the mini stream
    stream += bytes(-len(stream) % _SECTOR)
    sectors = len(stream) // _SECTOR
    tables = 1
    while tables * 128 < sectors + 1 + tables:
        tables += 1
    if tables > 109:  # noqa: PLR2004 - more tables do not fit into the header
        return b""
    chain = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * tables]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        olefile.MAGIC, 0x3E, 3, 0xFFFE, 9, 6, 0, tables, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    difat = struct.pack(f"<{tables}I", *range(sectors + 1, sectors + 1 + tables))
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, -1, 0, len(stream))
    return (header + difat).ljust(_SECTOR, b"\xff") + stream + directory.ljust(_SECTOR, b"\0") + fat


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBiii36xIQ", wide, len(wide), kind, 1, -1, -1, child, start, size)
