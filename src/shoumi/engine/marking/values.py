"""The mark, its form, and the labels that are read back.

Source: the seed guide 五(一)1: a mark has exactly four parts, name or number, level, period, owner unit;
and its rules on computers, by which documents remind of the duty of confidentiality. Words arrive ready:
which level, which day and which reminder are right is decided by the caller.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

from shoumi.engine.marking.errors import MarkTextError

Language = Literal["zh", "ja", "en"]

LONGEST_PART: Final = 200
LONGEST_REMINDER: Final = 600
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Kind(StrEnum):
    """What is marked; templates and macro variants are of the kind of their format."""

    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


_OPEN: Final = "application/vnd.openxmlformats-officedocument"
KIND_OF_TYPE: Final[dict[str, Kind]] = {
    f"{_OPEN}.wordprocessingml.document": Kind.DOCX,
    f"{_OPEN}.wordprocessingml.template": Kind.DOCX,
    "application/vnd.ms-word.document.macroEnabled.12": Kind.DOCX,
    "application/vnd.ms-word.template.macroEnabled.12": Kind.DOCX,
    f"{_OPEN}.spreadsheetml.sheet": Kind.XLSX,
    f"{_OPEN}.spreadsheetml.template": Kind.XLSX,
    "application/vnd.ms-excel.sheet.macroEnabled.12": Kind.XLSX,
    "application/vnd.ms-excel.template.macroEnabled.12": Kind.XLSX,
    f"{_OPEN}.presentationml.presentation": Kind.PPTX,
    f"{_OPEN}.presentationml.template": Kind.PPTX,
    f"{_OPEN}.presentationml.slideshow": Kind.PPTX,
    "application/vnd.ms-powerpoint.presentation.macroEnabled.12": Kind.PPTX,
    "application/vnd.ms-powerpoint.template.macroEnabled.12": Kind.PPTX,
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.12": Kind.PPTX,
    "application/pdf": Kind.PDF,
    "image/png": Kind.PNG,
    "image/jpeg": Kind.JPEG,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """The four parts and the reminder, each one line of text."""

    title: str  # name or number
    level: str  # in the words of the country's pack, such as 核心商密
    period: str  # such as 至 2031-03-01
    owner: str  # the unit whose secret it is
    reminder: str  # of the duty of confidentiality, one or two sentences
    language: Language = "zh"

    def __post_init__(self) -> None:
        """Refuse what cannot be written into every format."""
        for name, text in asdict(self).items():
            longest = LONGEST_REMINDER if name == "reminder" else LONGEST_PART
            if not text.strip() or len(text) > longest or _UNPRINTABLE.search(text):
                raise MarkTextError(reason=f"{name} is empty, too long, or not one line of text")
        if self.language not in {"zh", "ja", "en"}:
            raise MarkTextError(reason="language is not zh, ja or en")

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """The four parts in their order."""
        return self.title, self.level, self.period, self.owner


@dataclass(frozen=True, slots=True)
class Label:
    """A sensitivity label of the company's Purview tenant, which office programs read."""

    label_id: str  # a guid in lower case
    site_id: str  # the tenant's guid
    name: str = ""
    set_at: str = ""  # RFC 3339 in UTC; empty: not written

    def __post_init__(self) -> None:
        """Refuse ids that are no guids."""
        if not _GUID.fullmatch(self.label_id) or not _GUID.fullmatch(self.site_id):
            raise MarkTextError(reason="the ids of the label are not guids in lower case")
        if _UNPRINTABLE.search(self.name + self.set_at):
            raise MarkTextError(reason="the name of the label is not one line of text")


@dataclass(frozen=True, slots=True)
class Form:
    """How the mark looks in one category of secrets; every part can be left out but the properties."""

    banner: bool = True  # on the first page
    header: bool = True
    footer: bool = True
    watermark: bool = True
    cover_sheet: bool = True  # the first page of a workbook; never in one with macros
    label: Label | None = None
    copy: str = ""  # of whom, when and what: the line that makes one copy traceable
    typeface: bytes = field(default=b"", repr=False)  # OpenType with every glyph; for PDF and pictures

    @property
    def content_bits(self) -> int:
        """What MSIP calls ContentBits: 1 header, 2 footer, 4 watermark."""
        return self.header * 1 + self.footer * 2 + self.watermark * 4


@dataclass(frozen=True, slots=True)
class Labels:
    """What a file says of itself; `mark` is None unless one of ours was found whole."""

    mark: Mark | None = None
    copy: str = ""
    foreign: tuple[tuple[str, str], ...] = ()  # label ids of Purview with their names, set by whomever


def fingerprint(mark: Mark, form: Form) -> str:
    """Return 16 hex digits that change with whatever is visible or readable of mark and form."""
    facts: dict[str, Any] = {"mark": asdict(mark), "form": asdict(form)}
    del facts["form"]["typeface"]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
