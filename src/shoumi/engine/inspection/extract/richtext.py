r"""Rich text with its code pages: notes, headers, comments, deletions, properties, pictures and objects.

Source: Rich Text Format 1.9.1.  `\'hh` is decoded by the character set of the font in force, `\u` with as
many stand-ins skipped as `\uc` says.  Also unpacks the compressed form that Outlook stores (MS-OXRTFCP).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import Final

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.values import PartKind, Reason

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    rb"|[\r\n\0]+|([^\\{}\r\n\0]+)"
)
_CHARSETS: Final = {
    0: "cp1252", 77: "mac_roman", 78: "cp932", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030",
    136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES: Final = {
    936: "gb18030",
    950: "big5hkscs",
    932: "cp932",
    949: "cp949",
    54936: "gb18030",
    65001: "utf-8",
}
_SILENT: Final = frozenset(
    b"fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator themedata datastore"
    b" colorschememapping latentstyles xmlnstbl mmathPr pgptbl bkmkstart bkmkend filetbl wgrffmtfilter"
    b" panose falt fname listname listtext pntext levelnumbers leveltext blipuid picprop shpinst_ nonshppict"
    b" objclass atnid atnref datafield".split()
)
_KINDS: Final = {
    b"header": PartKind.HEADER, b"headerl": PartKind.HEADER, b"headerr": PartKind.HEADER,
    b"headerf": PartKind.HEADER, b"footer": PartKind.FOOTER, b"footerl": PartKind.FOOTER,
    b"footerr": PartKind.FOOTER, b"footerf": PartKind.FOOTER, b"footnote": PartKind.NOTE,
    b"annotation": PartKind.COMMENT, b"atnauthor": PartKind.COMMENT, b"info": PartKind.PROPERTY,
    b"userprops": PartKind.PROPERTY, b"fldinst": PartKind.PROPERTY,
}  # fmt: skip
_BREAKS: Final = {
    b"par": "\n", b"line": "\n", b"page": "\n", b"sect": "\n", b"row": "\n", b"nestrow": "\n", b"cell": "\t",
    b"nestcell": "\t", b"tab": " ", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘",
    b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS: Final = {b"\\": "\\", b"{": "{", b"}": "}", b"~": " ", b"_": "-", b"\n": "\n", b"\r": "\n"}
_HEX: Final = re.compile(rb"[^0-9a-fA-F]+")
_GROUPS_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits."""

    kind: PartKind = PartKind.BODY
    font: int | None = None
    stand_ins: int = 1
    silent: bool = False
    raw: bytes = b""  # `pict` or `objdata`: digits are collected
    fonts: bool = False
    deleted: bool = False


def read_rtf(content: bytes, harvest: Harvest) -> None:
    """Read rich text.

    Raises:
        ClosedError: its groups are not closed; what was read stays.
    """
    reading = _Reading(harvest)
    reading.read(content)
    reading.tell()
    if reading.open_groups:
        raise ClosedError(Reason.DAMAGED, "groups that are not closed")


class _Reading:
    """Goes over the tokens once."""

    def __init__(self, harvest: Harvest) -> None:
        self._harvest = harvest
        self._told: dict[PartKind, list[str]] = {}
        self._state = _State()
        self._stack: list[_State] = []
        self._fonts: dict[int, str] = {}
        self._page = "cp1252"
        self._bytes = bytearray()
        self._skip = 0
        self._raw = bytearray()
        self._starred = False
        self._surrogate = 0

    @property
    def open_groups(self) -> bool:
        """Tell whether the text ended within a group."""
        return bool(self._stack)

    def read(self, content: bytes) -> None:
        """Read all tokens."""
        place = 0
        while found := _TOKEN.match(content, place):
            place = found.end()
            word, number, code, symbol, brace, text = found.groups()
            if word:
                if word == b"bin" and number:
                    place += max(0, int(number))
                else:
                    self._word(word, int(number) if number else None)
            elif code:
                self._byte(bytes([int(code, 16)]))
            elif brace:
                self._brace(brace)
            elif symbol == b"*":
                self._starred = True
            elif symbol:
                self._say(_SYMBOLS.get(symbol, ""))
            elif text:
                self._byte(text)
            if place >= len(content):
                return

    def tell(self) -> None:
        """Add what was collected."""
        self._flush()
        for kind, pieces in self._told.items():
            self._harvest.text(kind, "".join(pieces), "rtf" if kind == PartKind.PROPERTY else "")

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._skip = 0
        self._starred = False
        if brace == b"{":
            if len(self._stack) < _GROUPS_MOST:
                self._stack.append(self._state)
            return
        before = self._state
        self._state = self._stack.pop() if self._stack else _State()
        if before.raw and not self._state.raw:
            self._end_raw(before.raw)
        if before.kind != self._state.kind or before.kind == PartKind.PROPERTY:
            told = self._told.setdefault(before.kind, [])
            if told and told[-1] != "\n":
                told.append("\n")

    def _word(self, word: bytes, number: int | None) -> None:  # noqa: C901 - one branch a word
        starred, self._starred = self._starred, False
        if word == b"u" and number is not None:
            self._unicode(number & 0xFFFF)
            return
        if word in _BREAKS:
            self._say(_BREAKS[word])
            return
        if word == b"f" and number is not None:
            self._flush()
            self._state = replace(self._state, font=number)
        elif word == b"fcharset" and self._state.fonts and self._state.font is not None:
            self._fonts[self._state.font] = _CHARSETS.get(number or 0, self._page)
        elif word == b"ansicpg" and number:
            self._page = _PAGES.get(number) or _codec(f"cp{number}")
        elif word == b"uc":
            self._state = replace(self._state, stand_ins=max(0, number or 0))
        elif word in {b"plain", b"pard"}:
            self._flush()
            self._state = replace(
                self._state, font=None if word == b"plain" else self._state.font, deleted=False
            )
        elif word == b"deleted":
            self._flush()
            self._state = replace(self._state, deleted=number != 0)
        elif word in _KINDS:
            self._state = replace(self._state, kind=_KINDS[word])
        elif word in {b"pict", b"objdata"}:
            self._state = replace(self._state, raw=word)
        elif word in _SILENT:
            self._state = replace(self._state, silent=True, fonts=word == b"fonttbl")
        elif starred and word not in _OPEN:
            self._state = replace(self._state, kind=PartKind.PROPERTY)

    def _unicode(self, unit: int) -> None:
        self._flush()
        if 0xD800 <= unit < 0xDC00:  # noqa: PLR2004 - first half of a pair
            self._surrogate = unit
        elif 0xDC00 <= unit < 0xE000:  # noqa: PLR2004 - second half
            if self._surrogate:
                self._say(chr(0x10000 + ((self._surrogate - 0xD800) << 10) + (unit - 0xDC00)))
            self._surrogate = 0
        else:
            self._say(chr(unit))
        self._skip = self._state.stand_ins

    def _byte(self, text: bytes) -> None:
        if self._skip:
            taken = min(self._skip, len(text))
            self._skip -= taken
            text = text[taken:]
        if self._state.raw:
            self._raw += text
        elif text:
            self._bytes += text

    def _flush(self) -> None:
        """Decode the bytes collected so far by the font in force."""
        if self._bytes:
            font = self._fonts.get(self._state.font if self._state.font is not None else -1, self._page)
            text = self._bytes.decode(font, "replace")
            self._bytes.clear()
            self._keep(text)

    def _say(self, text: str) -> None:
        self._flush()
        self._skip = 0
        self._keep(text)

    def _keep(self, text: str) -> None:
        if text and not self._state.silent and not self._state.raw:
            kind = PartKind.DELETED if self._state.deleted else self._state.kind
            self._told.setdefault(kind, []).append(text)

    def _end_raw(self, kind: bytes) -> None:
        digits = _HEX.sub(b"", self._raw)
        self._raw.clear()
        content = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
        if kind == b"pict":
            self._harvest.picture(content, "pict")
        else:
            self._harvest.nested("object", embedded(content))


_OPEN: Final = frozenset({b"shpinst", b"shptxt", b"nesttableprops", b"shppict", b"pn", b"do", b"dptxbxtext"})


def embedded(data: bytes) -> bytes:
    """Return the file inside the data of an OLE 1 object (MS-OLEDS 2.2.5)."""
    try:
        place = 8
        for _name in range(3):
            place += 4 + struct.unpack_from("<I", data, place)[0]
        size = struct.unpack_from("<I", data, place)[0]
    except struct.error:
        return data
    return data[place + 4 : place + 4 + size]


def _codec(name: str) -> str:
    try:
        b"".decode(name)
    except (LookupError, ValueError):
        return "cp1252"
    return name


_LZFU_START: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def uncompressed(data: bytes, most: int) -> bytes:
    """Return rich text that Outlook has compressed.

    Raises:
        ClosedError: the data is damaged.
    """
    try:
        _packed, size, kind, _crc = struct.unpack_from("<IIII", data)
    except struct.error as error:
        raise ClosedError(Reason.DAMAGED, "compressed text without a head") from error
    if kind == 0x414C454D:  # noqa: PLR2004 - "MELA": not compressed
        return data[16 : 16 + size]
    ring = bytearray(_LZFU_START.ljust(4096, b"\0"))
    write, place = len(_LZFU_START), 16
    made = bytearray()
    while place < len(data) and len(made) < min(size, most):
        control = data[place]
        place += 1
        for bit in range(8):
            if place >= len(data):
                break
            if not control >> bit & 1:
                piece = data[place : place + 1]
                place += 1
            else:
                token = int.from_bytes(data[place : place + 2], "big")
                place += 2
                start = token >> 4
                if start == write:
                    return bytes(made)
                piece = b""
                for step in range((token & 0xF) + 2):
                    letter = ring[(start + step) % 4096]
                    piece += bytes([letter])
                    ring[(write + step) % 4096] = letter
            for letter in piece:
                ring[write] = letter
                write = (write + 1) % 4096
            made += piece
    return bytes(made)
