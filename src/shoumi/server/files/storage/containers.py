"""Tells the formats apart that are archives inside: OOXML, OpenDocument and the older Office files.

Sources: APPNOTE.TXT 6.3 sections 4.3.12 and 4.3.16 (zip directory), ECMA-376 part 2, OpenDocument 1.3
part 2, MS-CFB 2.2 to 2.6.
Reads directories only, with a ceiling on their size; a file that lies about itself ends up as plain zip.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

_END: Final = struct.Struct("<4s4H2IH")
_ENTRY: Final = struct.Struct("<4s6H3I5H2I")
_LONGEST_COMMENT: Final = 0xFFFF
_LARGEST_DIRECTORY: Final = 4 << 20

ZIP: Final = "application/zip"
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_MAIN_PARTS: Final = (
    (
        "word/document",
        f"{_OOXML}.wordprocessingml.document",
        "application/vnd.ms-word.document.macroEnabled.12",
    ),
    ("xl/workbook.bin", *["application/vnd.ms-excel.sheet.binary.macroEnabled.12"] * 2),
    ("xl/workbook", f"{_OOXML}.spreadsheetml.sheet", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    (
        "ppt/presentation",
        f"{_OOXML}.presentationml.presentation",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    ),
    (
        "visio/document",
        "application/vnd.ms-visio.drawing",
        "application/vnd.ms-visio.drawing.macroEnabled.12",
    ),
)
_OPEN_DOCUMENT: Final = b"application/vnd.oasis.opendocument."
_MIMETYPE_AT: Final = 30  # a stored first member named `mimetype` has its content at byte 38
_LONGEST_TYPE: Final = 80

OLE: Final = "application/x-ole-storage"
_STREAMS: Final = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("VisioDocument", "application/vnd.visio"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
_MOST_SECTORS: Final = 256
_SECTOR_SHIFTS: Final = (9, 12)  # the two sizes MS-CFB knows
_FAT_IN_HEADER: Final = 109
_LAST_SECTOR: Final = 0xFFFFFFFA
_DIRECTORY_ENTRY: Final = 128


def zip_type(stream: BinaryIO) -> tuple[str, str]:
    """Return the media type of a zip archive from its directory, and an empty charset."""
    stream.seek(_MIMETYPE_AT)
    first = stream.read(8 + _LONGEST_TYPE)
    if first.startswith(b"mimetype" + _OPEN_DOCUMENT):
        kind = first[8 + len(_OPEN_DOCUMENT) :].split(b"PK", 1)[0]
        if kind.replace(b"-", b"").isalpha():
            return (_OPEN_DOCUMENT + kind).decode("ascii"), ""
    names = set(_zip_names(stream))
    if "[Content_Types].xml" in names:
        macros = any(name.endswith("vbaProject.bin") for name in names)
        for part, plain, with_macros in _MAIN_PARTS:
            if any(name.startswith(part) for name in names):
                return (with_macros if macros else plain), ""
    return ZIP, ""


def _zip_names(stream: BinaryIO) -> Iterator[str]:
    """Yield the names in the archive's directory, none if it cannot be found or is too large."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _LONGEST_COMMENT - _END.size))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return
    *_, directory_bytes, directory_at, _comment = _END.unpack_from(tail, at)
    if directory_bytes > _LARGEST_DIRECTORY or directory_at + directory_bytes > size:
        return
    stream.seek(directory_at)
    directory = stream.read(directory_bytes)
    place = 0
    while len(directory) - place >= _ENTRY.size and directory.startswith(b"PK\x01\x02", place):
        fields = _ENTRY.unpack_from(directory, place)
        name, extra, comment = fields[10:13]
        start = place + _ENTRY.size
        yield directory[start : start + name].decode("utf-8", "replace")
        place = start + name + extra + comment


def compound_type(stream: BinaryIO) -> tuple[str, bool]:
    """Return the media type of an older Office file from its streams; True if it is encrypted."""
    names = set(_compound_names(stream))
    if "EncryptedPackage" in names:
        return OLE, True
    return next((media_type for name, media_type in _STREAMS if name in names), OLE), False


def _compound_names(stream: BinaryIO) -> Iterator[str]:
    """Yield the names in the directory, as far as it lies within the first 109 sectors of the table."""
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512 or struct.unpack_from("<H", header, 30)[0] not in _SECTOR_SHIFTS:  # noqa: PLR2004 - MS-CFB 2.2
        return
    sector_bytes = 1 << struct.unpack_from("<H", header, 30)[0]
    table = struct.unpack_from(f"<{_FAT_IN_HEADER}I", header, 76)
    sector = struct.unpack_from("<I", header, 48)[0]
    per_sector = sector_bytes // 4
    for _ in range(_MOST_SECTORS):
        if sector >= _LAST_SECTOR:
            return
        stream.seek((sector + 1) * sector_bytes)
        block = stream.read(sector_bytes)
        for start in range(0, len(block), _DIRECTORY_ENTRY):
            entry = block[start : start + _DIRECTORY_ENTRY]
            if len(entry) == _DIRECTORY_ENTRY:
                length = max(0, struct.unpack_from("<H", entry, 64)[0] - 2)
                yield entry[: min(length, 64)].decode("utf-16-le", "replace")
        place = sector // per_sector
        if place >= _FAT_IN_HEADER or table[place] >= _LAST_SECTOR:
            return
        stream.seek((table[place] + 1) * sector_bytes + 4 * (sector % per_sector))
        following = stream.read(4)
        if len(following) < 4:  # noqa: PLR2004 - one sector number
            return
        sector = struct.unpack("<I", following)[0]
