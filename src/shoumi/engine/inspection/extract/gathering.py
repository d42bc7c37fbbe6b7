"""What readers write into: parts, pictures and closed doors of one file, counted against its limits.

A reader is `read(content, harvest)`: it adds what it finds and raises `ClosedError` where it cannot go on;
what it had added stays. Members of containers go through `Harvest.nested`, which finds their reader.
Knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from shoumi.engine.inspection.extract.ciphers import holds_message
from shoumi.engine.inspection.extract.limits import ClosedError, ExtractLimits, SpentError
from shoumi.engine.inspection.values import (
    MEMBER_MARK,
    Misnamed,
    Part,
    PartKind,
    Picture,
    Reason,
    Unreadable,
)

_NEVER_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]+")
_LINE_ENDS: Final = re.compile(r"\r\n?|[\u2028\u2029\x85]")


Reader = Callable[[bytes, "Harvest"], None]


@dataclass(frozen=True, slots=True)
class Outside:
    """Readers that need a process or a database and so cannot live in the engine."""

    readers: Mapping[str, Reader] = field(default_factory=dict)  # by media type
    look: Callable[[bytes, Harvest, str], None] | None = None  # reads the letters in a picture with its label


@dataclass(slots=True)
class Harvest:
    """What one file or member has given so far; members share lists and counts with what holds them."""

    limits: ExtractLimits
    dispatch: Callable[[bytes, Harvest, str], None]
    outside: Outside
    name: str = ""
    member: str = ""
    depth: int = 0
    parts: list[Part] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    misnamed: list[Misnamed] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    def text(self, kind: PartKind, text: str, label: str = "") -> None:
        """Add a part, without characters that no text holds and with one kind of line end.

        An encrypted message in it is noted, since nobody can look into that.

        Raises:
            SpentError: the file has too much text; what still fitted has been added.
        """
        if not text or text.isspace():
            return
        if not text.isprintable():
            text = _NEVER_TEXT.sub(" ", _LINE_ENDS.sub("\n", text))
        self.parts.append(Part(kind, text[: self.room], label, self.member))
        if holds_message(text):
            self.closed(Reason.ENCRYPTED, "an encrypted message in a text")
        self.spend("characters", len(text), self.limits.characters)
        self.spend("parts", 1, self.limits.parts)

    @property
    def room(self) -> int:
        """How many characters may still be told of the whole file."""
        return self.limits.characters - self.used.get("characters", 0)

    @property
    def told(self) -> int:
        """How much has been found or found closed, in this file and all around it."""
        return len(self.parts) + len(self.pictures) + len(self.unreadable)

    def picture(self, content: bytes, label: str = "", *, look: bool = True) -> None:
        """Keep a picture, and show it to who reads pictures unless the page it is on will be shown whole."""
        if not content:
            return
        self.spend("pictures", 1, self.limits.pictures)
        self.spend("picture_bytes", len(content), self.limits.picture_bytes)
        self.pictures.append(Picture(content, label, self.member))
        if look and self.outside.look:
            self.outside.look(content, self, label)

    def closed(self, reason: Reason, detail: str = "", member: str = "") -> None:
        """Note that this file, or `member` in it, could not be looked into, or not wholly."""
        self.unreadable.append(Unreadable(reason, self.way(member), detail))

    def spend(self, what: str, amount: int, most: int) -> None:
        """Count `amount`.

        Raises:
            SpentError: it is more than the whole file may have.
        """
        total = self.used.get(what, 0) + amount
        self.used[what] = total
        if total > most:
            raise SpentError(
                Reason.TOO_MANY if what in _COUNTED else Reason.TOO_LARGE, f"more than {most} {what}"
            )

    def unpacked(self, content: bytes, packed_bytes: int = 0) -> bytes:
        """Count bytes that were decompressed and return them.

        Raises:
            ClosedError: they are out of proportion.
            SpentError: the file unfolds to too much.
        """
        self.spend("unpacked_bytes", len(content), self.limits.unpacked_bytes)
        if packed_bytes and self.out_of_proportion(len(content), packed_bytes):
            raise ClosedError(Reason.TOO_LARGE, f"unpacks to more than {self.limits.ratio} times its size")
        return content

    def out_of_proportion(self, unpacked_bytes: int, packed_bytes: int) -> bool:
        """Tell whether so much from so little is a bomb."""
        return unpacked_bytes > self.limits.ratio_from_bytes and unpacked_bytes > self.limits.ratio * max(
            packed_bytes, 1
        )

    def way(self, member: str) -> str:
        """Return the way to `member` of this file from the outermost one."""
        return MEMBER_MARK.join(part for part in (self.member, member) if part)

    def nested(self, name: str, content: bytes) -> None:
        """Read a member called `name`, whatever it is.

        Raises:
            SpentError: the whole file has had its share.
        """
        inner = self.inside(name)
        if inner:
            self.dispatch(content, inner, name)

    def inside(self, name: str) -> Harvest | None:
        """Return the harvest of a member, or note that it lies too deep and return None.

        Raises:
            SpentError: there are too many.
        """
        self.spend("members", 1, self.limits.members)
        if self.depth >= self.limits.depth:
            self.closed(Reason.TOO_DEEP, f"more than {self.limits.depth} containers deep", name)
            return None
        return replace(self, name=name, member=self.way(name), depth=self.depth + 1)


_COUNTED: Final = frozenset({"members", "parts", "pages", "pictures", "scan_pages"})


def cell_text(text: str) -> str:
    """Return `text` as it may stand in a cell: without tabs and line ends."""
    return " ".join(text.split()) if not text.isprintable() else text


def table(rows: list[list[str]]) -> str:
    """Return rows by line feed and cells by tab, without empty cells at the end of a row."""
    return "\n".join("\t".join(map(cell_text, row)).rstrip("\t") for row in rows)
