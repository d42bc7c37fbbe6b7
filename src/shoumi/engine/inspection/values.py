"""What passes between the steps of an inspection: parts of a file, findings in them, files that stay closed.

Places are told as a person would look for them: member of an archive, page, sheet and cell, paragraph.
A part's text is plain: paragraphs and rows end with a line feed, cells of a row are parted by a tab, and
neither occurs inside a cell, so that the place of any offset follows from the text alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Any, Final
from unicodedata import normalize

FURTHER: Final = "further"  # fact of a finding: how many more of its kind its part holds that are not told
MEMBER_MARK: Final = "!/"  # between a container and its member: `outer.zip!/inner/name`


class PartKind(StrEnum):
    """What a part of a file is to its reader."""

    TEXT = "text"  # a plain text file
    BODY = "body"  # the running text of a document
    PAGE = "page"
    SHEET = "sheet"  # a table: rows by line feed, cells by tab
    SLIDE = "slide"
    NOTES = "notes"
    HEADER = "header"
    FOOTER = "footer"
    NOTE = "note"  # footnotes and endnotes
    COMMENT = "comment"
    DELETED = "deleted"  # text that a tracked change took out
    FORM = "form"  # fields of a form
    PROPERTY = "property"  # `label` is its name
    NAME = "name"  # names of files, sheets and members
    MESSAGE = "message"  # head and body of a mail
    RECOGNISED = "recognised"  # by OCR


class Reason(StrEnum):
    """Why nobody could look inside."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"  # no reader for this type
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    TIME = "time"
    MEMORY = "memory"
    CRASHED = "crashed"  # the reader died
    PROGRAM = "program"  # a program that reads this type is not installed
    DENIED = "denied"  # the file system refused


class FindingKind(StrEnum):
    """By what means something was found."""

    IDENTIFIER = "identifier"
    MARKING = "marking"
    EXACT = "exact"
    FINGERPRINT = "fingerprint"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of text and where it stands in the file."""

    kind: PartKind
    text: str
    label: str = ""  # page or slide number, sheet, property or header name
    member: str = ""  # way to it through containers, joined by `MEMBER_MARK`; empty: the file itself


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture found in a file, as stored there."""

    content: bytes
    label: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or member that nobody could look into."""

    reason: Reason
    member: str = ""
    detail: str = ""  # for the operator; never quotes the content


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A file or member whose name says another kind of file than its content is."""

    type: str  # media type by content
    member: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that a file gave away."""

    type: str  # media type by content
    parts: tuple[Part, ...] = ()
    pictures: tuple[Picture, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a finding is one."""

    matched: str  # what was compared: name of the pattern, rule or document
    check: str = ""  # the check that passed, such as `luhn`
    context: tuple[str, ...] = ()  # words nearby or in the column's head that spoke for it
    facts: tuple[tuple[str, str | int | float], ...] = ()  # row key, share copied, distance, secret, file …


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one part."""

    kind: FindingKind
    id: str  # pack entry such as `cn.resident_id`, index or secret number
    score: float  # 0 to 1
    part: Part | None  # None: the file as a whole, or a member that stays closed
    start: int  # in characters of `part.text`
    end: int
    explanation: Explanation
    member: str = ""
    level: str = ""  # core, important, general; empty where the finding says nothing of it

    @property
    def count(self) -> int:
        """How many this finding stands for: itself and those of its kind that are not told one by one."""
        return 1 + sum(int(value) for name, value in self.explanation.facts if name == FURTHER)

    @property
    def text(self) -> str:
        """What was found, unmasked."""
        return self.part.text[self.start : self.end] if self.part else ""

    @property
    def counts_as(self) -> tuple[str, str]:
        """Equal for findings that are the same thing met twice: a row, a secret, a value in any spelling."""
        facts = dict(self.explanation.facts)
        if self.kind in {FindingKind.EXACT, FindingKind.FINGERPRINT}:
            return "key", str(facts.get("row") or facts.get("secret") or self.id)
        if self.kind == FindingKind.UNREADABLE:
            return "member", self.member
        return "text", "".join(
            letter for letter in normalize("NFKC", self.text) if letter.isalnum()
        ).casefold()


def findings_of(columns: Mapping[str, Sequence[Any]]) -> list[Finding]:
    """Return the findings whose fields stand in `columns`, all of one length.

    Work: a quarter of that of making them one by one, which is much of the work where nearly everything is
    found.
    """
    found: list[Finding] = list(map(object.__new__, repeat(Finding, len(columns["id"]))))
    for name in Finding.__slots__:
        deque(map(Finding.__dict__[name].__set__, found, columns[name]), maxlen=0)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where an offset of a part is, for a person."""

    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    paragraph: int | None = None  # 1-based
    line: int | None = None  # 1-based; plain texts
    part: str | None = None  # comment, header, property … with its label
    start: int | None = None  # characters into the part
    end: int | None = None


_PAGED: Final = frozenset({PartKind.PAGE, PartKind.SLIDE, PartKind.RECOGNISED})


def place_of(part: Part, start: int, end: int) -> Place:
    """Return the place of `part.text[start:end]`."""
    before = part.text[:start]
    line = before.count("\n") + 1
    if part.kind == PartKind.SHEET:
        column = before[before.rfind("\n") + 1 :].count("\t")
        return Place(sheet=part.label, cell=f"{column_name(column)}{line}", start=start, end=end)
    if part.kind == PartKind.TEXT:
        return Place(line=line, start=start, end=end)
    if part.kind in _PAGED and part.label.isdecimal():
        return Place(page=int(part.label), start=start, end=end)
    if part.kind == PartKind.BODY:
        return Place(paragraph=line, start=start, end=end)
    label = f"{part.kind} {part.label}".strip()
    return Place(part=label, paragraph=line, start=start, end=end)


def column_name(column: int) -> str:
    """Return the letters of a 0-based column: 0 is `A`, 26 is `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def masked(text: str) -> str:
    """Return `text` with all but its first and last letters covered, as wide as before."""
    letters = [place for place, letter in enumerate(text) if not letter.isspace()]
    keep = min(3, len(letters) // 4)
    shown = {*letters[:keep], *letters[len(letters) - keep :]} if keep else set()
    return "".join(letter if place in shown or letter.isspace() else "*" for place, letter in enumerate(text))
