"""Property sets of compound files: title, author, keywords and properties of people's own.

Source: MS-OLEPS 2.2 to 2.21.  Only strings are told, alone or in a vector.  Reads no more of a set than it is
long, whatever its counts say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from shoumi.engine.inspection.extract.charsets import text_of

STREAMS: Final = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
_NAMES: Final = (
    {
        2: "title",
        3: "subject",
        4: "author",
        5: "keywords",
        6: "comments",
        7: "template",
        8: "last author",
        18: "program",
    },
    {2: "category", 14: "manager", 15: "company", 26: "content type", 27: "content status", 28: "language"},
)
_DICTIONARY, _CODE_PAGE, _UTF16 = 0, 1, 1200
_STRING, _WIDE_STRING, _VECTOR, _VARIANT = 0x1E, 0x1F, 0x1000, 0x0C
_PROPERTIES_MOST: Final = 1_000


def strings_of(stream: bytes, which: int) -> Iterator[tuple[str, str]]:
    """Give the names and values of the strings in a set; stops where it is broken.

    `which` is 0 for the summary and 1 for the document summary.
    """
    try:
        (sets,) = struct.unpack_from("<I", stream, 24)
        for number in range(min(sets, 2)):
            (start,) = struct.unpack_from("<I", stream, 28 + 20 * number + 16)
            yield from _section(stream[start:], _NAMES[which] if number == 0 else {})
    except struct.error:
        return


def _section(section: bytes, names: dict[int, str]) -> Iterator[tuple[str, str]]:
    count = min(struct.unpack_from("<I", section, 4)[0], _PROPERTIES_MOST, len(section) // 8)
    places = dict(struct.unpack_from("<II", section, 8 + 8 * each) for each in range(count))
    page = 0
    if _CODE_PAGE in places:
        (page,) = struct.unpack_from("<H", section, places[_CODE_PAGE] + 4)
    if _DICTIONARY in places:
        names = names | _dictionary(section, places[_DICTIONARY], page)
    for number, place in places.items():
        if number > _CODE_PAGE:
            for value in _values(section, place, page):
                yield names.get(number, f"property {number}"), value


def _dictionary(section: bytes, place: int, page: int) -> dict[int, str]:
    names = {}
    (count,) = struct.unpack_from("<I", section, place)
    place += 4
    for _each in range(min(count, _PROPERTIES_MOST)):
        number, length = struct.unpack_from("<II", section, place)
        size = length * 2 + (length * 2) % 4 if page == _UTF16 else length
        names[number] = _decoded(section[place + 8 : place + 8 + size], page)
        place += 8 + size
    return names


def _values(section: bytes, place: int, page: int) -> Iterator[str]:
    (kind,) = struct.unpack_from("<I", section, place)
    count = 1
    place += 4
    if kind & _VECTOR:
        (count,) = struct.unpack_from("<I", section, place)
        place += 4
    for _each in range(min(count, _PROPERTIES_MOST)):
        item = kind & 0xFFF
        if item == _VARIANT:
            (item,) = struct.unpack_from("<I", section, place)
            place += 4
        if item not in {_STRING, _WIDE_STRING}:
            return
        (length,) = struct.unpack_from("<I", section, place)
        size = length * 2 if item == _WIDE_STRING else length
        yield _decoded(section[place + 4 : place + 4 + size], _UTF16 if item == _WIDE_STRING else page)
        place += 4 + size + -size % 4


def _decoded(raw: bytes, page: int) -> str:
    if page == _UTF16:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return text_of(raw.rstrip(b"\0"), declared="utf-8" if page == 65001 else f"cp{page}")  # noqa: PLR2004
