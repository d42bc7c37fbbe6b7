"""Word documents before docx, and WPS texts: the pieces of text in order, and the stories beside the body.

Source: MS-DOC 2.4.1 (retrieving text), 2.5 (the file information block), 2.9.38 (Clx).  Formatting is not
read: deleted text of tracked changes therefore stands where it stood.  Word 6 and 95 keep 8-bit text in one
stretch.
"""

from __future__ import annotations

import re
import struct
from typing import Final

from shoumi.engine.inspection.extract.charsets import charset_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError, SpentError
from shoumi.engine.inspection.extract.storage import Storage, read_embedded, read_pictures, wrapped
from shoumi.engine.inspection.values import PartKind, Reason

_MAGICS: Final = frozenset({0xA5EC, 0xA5DC})
_ENCRYPTED: Final = 0x0100
_TABLE_1: Final = 0x0200
_WORD_97: Final = 0xC1
_CLX: Final = 0x01A2
_COUNTS: Final = 0x4C  # characters of each story
_STORIES: Final = (
    PartKind.BODY,
    PartKind.NOTE,
    PartKind.HEADER,
    None,  # macros of long ago
    PartKind.COMMENT,
    PartKind.NOTE,
    PartKind.BODY,  # text boxes
    PartKind.HEADER,  # text boxes in headers
)
_COMPRESSED: Final = 0x40000000
_FIELD: Final = re.compile(r"\x13([^\x13\x14\x15]*)[\x14\x15]?")
_MARKS: Final = {
    0x07: "\t",
    0x0B: "\n",
    0x0C: "\n",
    0x0E: "\n",
    0x1E: "-",
    0xA0: " ",
    **dict.fromkeys((0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08, 0x14, 0x15, 0x1F), ""),
}


def read_doc(content: bytes, harvest: Harvest) -> None:
    """Read a document and the documents embedded in it.

    Raises:
        ClosedError: encrypted, or no storage.
    """
    storage = Storage(content, harvest)
    storage.tell_sealed()
    try:
        read_documents(storage)
    except SpentError:
        raise
    except ClosedError as error:
        if error.reason is Reason.ENCRYPTED:
            raise
        harvest.closed(error.reason, error.detail)  # what is embedded may be sound
    storage.properties()
    read_embedded(storage)
    for prefix in storage.prefixes("Workbook"):
        harvest.nested(f"{prefix}Workbook", wrapped("Workbook", storage.stream(f"{prefix}Workbook")))
    for name in ("Data", "WordDocument"):
        read_pictures(storage.stream(name), harvest, name)


def read_documents(storage: Storage) -> None:
    """Read each WordDocument of a storage.

    Raises:
        ClosedError: the first one is encrypted or damaged; of others it is noted.
    """
    for prefix in storage.prefixes("WordDocument"):
        try:
            _read_one(storage, prefix)
        except ClosedError as error:
            if not prefix:
                raise
            storage.harvest.closed(error.reason, error.detail, prefix.rstrip("/"))


def _read_one(storage: Storage, prefix: str) -> None:
    main = storage.stream(f"{prefix}WordDocument")
    try:
        magic, version = struct.unpack_from("<HH", main, 0)
        (flags,) = struct.unpack_from("<H", main, 0x0A)
    except struct.error as error:
        raise ClosedError(Reason.DAMAGED, "no file information") from error
    if magic not in _MAGICS:
        raise ClosedError(Reason.DAMAGED, "no file information")
    if flags & _ENCRYPTED:
        raise ClosedError(Reason.ENCRYPTED, "a document with a password")
    if version < _WORD_97:
        start, end = struct.unpack_from("<II", main, 0x18)
        raw = main[start:end]
        _tell(raw.decode(charset_of(raw), "replace"), PartKind.BODY, storage.harvest)
        return
    table = storage.stream(f"{prefix}{1 if flags & _TABLE_1 else 0}Table")
    pieces, damaged = _pieces(main, table)
    text = "".join(pieces)
    place = 0
    try:
        counts = struct.unpack_from("<8i", main, _COUNTS)
    except struct.error:
        counts = (len(text), 0, 0, 0, 0, 0, 0, 0)
    for kind, count in zip(_STORIES, counts, strict=True):
        if kind and count > 0:
            _tell(text[place : place + count], kind, storage.harvest)
        place += max(count, 0)
    _tell(text[place:], PartKind.BODY, storage.harvest)
    if damaged:
        raise ClosedError(Reason.DAMAGED, damaged)


def _pieces(main: bytes, table: bytes) -> tuple[list[str], str]:
    """Return the pieces of text in their order, and what is wrong with them."""
    try:
        start, size = struct.unpack_from("<II", main, _CLX)
        clx = table[start : start + size]
        place = 0
        while clx[place] == 1:
            place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
        if clx[place] != 2:  # noqa: PLR2004 - the sign of the table of pieces
            raise ValueError(place)  # noqa: TRY301 - one answer to all that can be wrong here
        count = (struct.unpack_from("<I", clx, place + 1)[0] - 4) // 12
        place += 5
        ends = struct.unpack_from(f"<{count + 1}I", clx, place)
        place += 4 * (count + 1)
        descriptors = [struct.unpack_from("<HIH", clx, place + 8 * each)[1] for each in range(count)]
    except (struct.error, IndexError, ValueError, MemoryError):
        return [], "the table of pieces is broken"
    pieces = []
    damaged = ""
    room = len(main)  # a character takes a byte at least; pieces that overlap would multiply it
    for first, last, where in zip(ends, ends[1:], descriptors, strict=False):
        length = last - first
        if not 0 <= length <= room:
            damaged = "pieces that are longer than the file"
            continue
        room -= length
        if where & _COMPRESSED:
            at = (where & ~_COMPRESSED) // 2
            pieces.append(main[at : at + length].decode("cp1252", "replace"))
        else:
            pieces.append(main[where : where + 2 * length].decode("utf-16-le", "replace"))
    return pieces, damaged


def _tell(text: str, kind: PartKind, harvest: Harvest) -> None:
    fields = "\n".join(found.strip() for found in _FIELD.findall(text) if found.strip())
    text = _FIELD.sub("", text).replace("\x07\x07", "\n").translate(_MARKS).replace("\r", "\n")
    harvest.text(kind, text)
    harvest.text(PartKind.PROPERTY, fields, "field")
