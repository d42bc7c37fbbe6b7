"""PowerPoint presentations before pptx, and WPS ones: every text record, on slides, notes and masters alike.

Source: MS-PPT 2.3.3 and 2.3.4 (edits and what they lead to), 2.9.42 (TextCharsAtom), 2.9.43 (TextBytesAtom),
2.4.14.3 (SlideListWithText), 2.5.1 (slides), 2.10.34 (embedded storages), 2.3.2 (the mark of encryption);
MS-ODRAW 2.2.16 (groups of shapes, which tables are).  The file keeps what earlier saves replaced; that is
read as well.  A slide is counted by its place in the file.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError, SpentError
from shoumi.engine.inspection.extract.office import read_rest
from shoumi.engine.inspection.extract.package import Package
from shoumi.engine.inspection.extract.storage import Storage, read_embedded, read_pictures
from shoumi.engine.inspection.values import PartKind, Reason

_ENCRYPTED_MARK: Final = 0xF3D1C4DF
_CRYPT_SESSION: Final = 0x2F14
_CONTAINER: Final = 0xF
_CHARS, _BYTES, _STRING, _OBJECT = 0x0FA0, 0x0FA8, 0x0FBA, 0x1011
_SLIDE, _NOTES, _MASTER, _LIST, _PERSIST = 0x03EE, 0x03F0, 0x03F8, 0x0FF0, 0x03F3
_COMMENT: Final = 0x2EE0
_EDIT, _DIRECTORY = 0x0FF5, 0x1772
_PACKAGE: Final = b"PK\3\4"  # a package in a record that says it is a container
_NEWER: Final = "PP97_DUALSTORAGE/"  # what is saved for PowerPoint 95 and 97 holds the latter's there
_TAG: Final = "___PPT"  # names of programs' own data
_DEPTH_MOST: Final = 64
_GROUP, _SHAPE, _TEXT_BOX, _ANCHOR = 0xF003, 0xF004, 0xF00D, 0xF00F
_FEWEST_CELLS: Final = 4
_PLACES: Final = {_SLIDE: PartKind.SLIDE, _NOTES: PartKind.NOTES, _MASTER: PartKind.HEADER}
_LIST_KINDS: Final = (PartKind.SLIDE, PartKind.HEADER, PartKind.NOTES)


def read_ppt(content: bytes, harvest: Harvest) -> None:
    """Read a presentation.

    Raises:
        ClosedError: encrypted or damaged.
    """
    storage = Storage(content, harvest)
    storage.tell_sealed()
    folder = _NEWER if storage.has(f"{_NEWER}PowerPoint Document") else ""
    user = storage.stream(f"{folder}Current User")
    if len(user) >= 16 and struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED_MARK:  # noqa: PLR2004
        raise ClosedError(Reason.ENCRYPTED, "a presentation with a password")
    records = storage.stream(f"{folder}PowerPoint Document")
    reading = _Reading(harvest, _known_starts(records, user))
    reading.read(records)
    storage.properties()
    read_embedded(storage)
    read_pictures(storage.stream(f"{folder}Pictures"), harvest, "Pictures")
    if reading.cut:
        raise ClosedError(Reason.DAMAGED, "a record that is longer than the file")


class _Reading:
    """Goes over the records once and keeps where it is."""

    def __init__(self, harvest: Harvest, starts: list[int] | None) -> None:
        self.harvest = harvest
        self._starts = starts
        self.cut = False
        self._counts = dict.fromkeys(_PLACES, 0)
        self._told: set[tuple[PartKind, str, str]] = set()

    def read(self, records: bytes) -> None:
        """Read a stream of records and tell each place's text as one part."""
        told: dict[tuple[PartKind, str], list[str]] = {}
        objects: list[bytes] = []
        for kind, label, record, body in self._walk(records, (0, len(records)), PartKind.BODY, ""):
            if record == _OBJECT:
                objects.append(body)
                continue
            text = body.decode("latin-1" if record == _BYTES else "utf-16-le", "replace")
            if not text.startswith(_TAG):
                told.setdefault((kind, label), []).append(text.replace("\x0b", "\n").replace("\r", "\n"))
        for (kind, label), texts in told.items():
            self.harvest.text(kind, "\n".join(dict.fromkeys(texts)), label)
        for number, packed in enumerate(objects, 1):
            self._embedded(packed, f"object {number}")

    def _walk(
        self, data: bytes, span: tuple[int, int], kind: PartKind, label: str, depth: int = 0
    ) -> Iterator[tuple[PartKind, str, int, bytes]]:
        for head, record, body, after in self._heads(data, *span, outermost=not depth):
            cells = _cells(data, body, after) if record == _GROUP else []
            if _is_table(cells):
                yield kind, label, _CHARS, _rows(cells).encode("utf-16-le", "replace")
            elif data.startswith(_PACKAGE, body, after):
                self._read_package(data[body:after])
            elif head & 0xF == _CONTAINER and depth < _DEPTH_MOST:
                inner, name = self._place(record, head >> 4, kind, label)
                if record == _LIST:
                    yield from self._listed(data, body, after, inner)
                else:
                    yield from self._walk(data, (body, after), inner, name, depth + 1)
            elif record in {_CHARS, _BYTES, _STRING}:
                yield kind, label, record, data[body:after]
            elif record == _OBJECT:
                yield kind, label, record, struct.pack("<H", head >> 4) + data[body:after]

    def _read_package(self, content: bytes) -> None:
        """Read what newer programs keep for themselves: layouts and themes as pptx has them."""
        try:
            read_rest(Package(content, self.harvest), self.harvest, lambda *_part: False)
        except SpentError:
            raise
        except ClosedError as error:
            self.harvest.closed(error.reason, error.detail)

    def _heads(
        self, data: bytes, start: int, end: int, *, outermost: bool
    ) -> Iterator[tuple[int, int, int, int]]:
        """Yield head, type, start and end of each record at this depth, without what programs left there."""
        while start + 8 <= end:
            head, record, size = struct.unpack_from("<HHI", data, start)
            after = start + 8 + size
            known = self._known_behind(start, end) if outermost else None
            if known is not None and after > known:
                start = known
                continue
            if after > end:
                self.cut = True
                after = end
            if record == _CRYPT_SESSION:
                raise ClosedError(Reason.ENCRYPTED, "a presentation with a password")
            yield head, record, start + 8, after
            start = after

    def _known_behind(self, start: int, end: int) -> int | None:
        """Return where the next record begins that edits lead to, or `end`; None if they lead to `start`."""
        if self._starts is None:
            return None
        at = bisect_left(self._starts, start)
        following = [*self._starts[at : at + 1], end][0]
        return None if following == start else following

    def _listed(
        self, data: bytes, start: int, end: int, kind: PartKind
    ) -> Iterator[tuple[PartKind, str, int, bytes]]:
        """Give the texts of placeholders, which stand in a list behind the sign of their slide."""
        number = 0
        while start + 8 <= end:
            _head, record, size = struct.unpack_from("<HHI", data, start)
            if record == _PERSIST:
                number += 1
            elif record in {_CHARS, _BYTES}:
                yield kind, str(number), record, data[start + 8 : min(start + 8 + size, end)]
            start += 8 + size

    def _place(self, record: int, instance: int, kind: PartKind, label: str) -> tuple[PartKind, str]:
        """Return the kind and number of what stands in a container."""
        if record == _LIST:
            return _LIST_KINDS[min(instance, 2)], ""
        if record == _COMMENT:
            return PartKind.COMMENT, label
        if record in _PLACES:
            self._counts[record] += 1
            number = str(self._counts[record])
            return _PLACES[record], {_SLIDE: number, _MASTER: "master"}.get(record, "")
        return kind, label

    def _embedded(self, body: bytes, name: str) -> None:
        compressed, packed = struct.unpack_from("<H", body)[0], body[2:]
        if compressed == 1:
            most = self.harvest.limits.content_bytes
            unzip = zlib.decompressobj()
            try:
                packed = self.harvest.unpacked(unzip.decompress(packed[4:], most), len(packed))
            except zlib.error:
                self.harvest.closed(Reason.DAMAGED, "its packed bytes are broken", name)
                return
        self.harvest.nested(name, packed)


def _known_starts(data: bytes, user: bytes) -> list[int] | None:
    """Return where the records begin that the edits of the file lead to, ascending; None if they lead astray.

    Between them stands what programs have left behind.
    """
    found: set[int] = set()
    read = 0
    edit = struct.unpack_from("<I", user, 16)[0] if len(user) >= 20 else 0  # noqa: PLR2004 - to its offset
    while edit and edit not in found:
        if _type_at(data, edit) != _EDIT:
            return None
        earlier, directory = struct.unpack_from("<II", data, edit + 16)
        if _type_at(data, directory) != _DIRECTORY:
            return None
        offsets = list(_persisted(data, directory))
        found |= {edit, directory, *offsets}
        edit = earlier
        read += len(offsets)
        if read > len(data):  # directories that lie in one another
            return None
    return sorted(found) if found and max(found) + 8 <= len(data) else None


def _type_at(data: bytes, start: int) -> int:
    """Return the type of the record that begins there, 0 if there is no room for one with two numbers."""
    return int(struct.unpack_from("<H", data, start + 2)[0]) if start + 24 <= len(data) else 0


def _persisted(data: bytes, directory: int) -> Iterator[int]:
    """Yield the offsets in a directory: runs of them, each behind its length and first number."""
    (size,) = struct.unpack_from("<I", data, directory + 4)
    numbers = iter(struct.unpack(f"<{size // 4}I", data[directory + 8 : directory + 8 + size // 4 * 4]))
    for head in numbers:
        yield from islice(numbers, head >> 20)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A shape of a group: where it stands, and what it says."""

    left: int
    top: int
    text: str


def _records(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and end of each record at this depth."""
    while start + 8 <= end:
        _head, record, size = struct.unpack_from("<HHI", data, start)
        yield record, start + 8, min(start + 8 + size, end)
        start += 8 + size


def _cells(data: bytes, start: int, end: int) -> list[_Cell]:
    """Return the shapes of a group; none if one of them is a group or says something without a place."""
    found = []
    for record, first, last in _records(data, start, end):
        if record == _GROUP:
            return []
        left, top, texts, placed = 0, 0, [], False
        for inner, begin, behind in _records(data, first, last) if record == _SHAPE else ():
            if inner == _ANCHOR and behind - begin >= 8:  # noqa: PLR2004 - left and top
                (left, top), placed = struct.unpack_from("<ii", data, begin), True
            elif inner == _TEXT_BOX:
                for atom, low, high in _records(data, begin, behind):
                    if atom in {_CHARS, _BYTES}:
                        codec = "latin-1" if atom == _BYTES else "utf-16-le"
                        texts.append(data[low:high].decode(codec, "replace"))
        if texts and not placed:
            return []
        if placed:
            found.append(_Cell(left, top, " ".join("".join(texts).split())))
    return found


def _is_table(cells: list[_Cell]) -> bool:
    """Tell whether the shapes stand in rows and columns as the cells of a table do."""
    told = [cell for cell in cells if cell.text]
    rows, columns = {cell.top for cell in told}, {cell.left for cell in told}
    return (
        len(told) >= _FEWEST_CELLS
        and min(len(rows), len(columns)) > 1
        and len(told) > max(len(rows), len(columns))
    )


def _rows(cells: list[_Cell]) -> str:
    rows: dict[int, dict[int, str]] = {}
    columns = sorted({cell.left for cell in cells if cell.text})
    for cell in cells:
        if cell.text:
            rows.setdefault(cell.top, {})[cell.left] = cell.text
    return "\n".join("\t".join(rows[top].get(left, "") for left in columns) for top in sorted(rows))
