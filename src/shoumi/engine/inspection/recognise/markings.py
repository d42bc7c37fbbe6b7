"""Tells a marking from a mention: a word marks a page when it stands as marks stand.

Sources: the seed guide 五(一)1 (header, footer, banner, watermark), 国家秘密定密管理暂行规定 (`★` between
level and period), ISO/IEC 27001 annex A 5.13 for labels in general; MS-OFFCRYPTO 2.6 for `MSIP_Label_*`. A
mark stands alone in its line, in brackets, in a header, a footer, a property or a file name, behind a word
such as 密级 or 機密区分, or before a star.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shoumi.engine.inspection.recognise.context import Hits
from shoumi.engine.inspection.recognise.entries import Kind
from shoumi.engine.inspection.recognise.stretch import Stretch
from shoumi.engine.inspection.values import Explanation, Finding, FindingKind, Part, PartKind

_MARK_PARTS: Final = frozenset({PartKind.HEADER, PartKind.FOOTER, PartKind.PROPERTY, PartKind.NAME})
_OPEN: Final = "【[(〔「『《<〈★☆■●*"
_CLOSE: Final = "】])〕」』》>〉★☆■●*"
_BEFORE: Final = re.compile(
    r"(?:密\s{0,4}级|保密级别|保密等级|机密等级|秘密等级|定密|機密区分|秘密区分|機密性|区分|取扱区分|分类|等级|分類|classification|sensitivity"
    r"|security level|marking)\s*[:：=]?\s*[(【\[]?$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(r"\s*[★☆]|\s*(?:\||｜|/)")
_ALONE: Final = re.compile(r"[\s\d\-_*.,:：/|()\[\]【】★☆■●<>=#©]*")
_LONGEST_LINE: Final = 40
_LOOK: Final = 24
_FAR: Final = 100


def stands_as_mark(kind: PartKind, text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]`, in a part of this kind, stands as marks stand."""
    if kind in _MARK_PARTS:
        return True
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before and before in _OPEN and behind and behind in _CLOSE:
        return True
    line_start = start - len(text[max(0, start - _FAR) : start].rsplit("\n", 1)[-1])
    line = text[line_start : end + _FAR].split("\n", 1)[0]
    if kind == PartKind.SHEET:
        line_start = max(line_start, text.rfind("\t", line_start, start) + 1)
        line = text[line_start:].split("\n", maxsplit=1)[0].split("\t", maxsplit=1)[0]
    rest = line[: start - line_start] + line[end - line_start :]
    if len(line) <= _LONGEST_LINE and _ALONE.fullmatch(rest):
        return True
    return bool(
        _BEFORE.search(text[max(line_start, start - _LOOK) : start]) or _BEHIND.match(text, end, end + 3)
    )


def marked(stretch: Stretch, kind: Kind, hits: Hits) -> Hits:
    """Return the markings of `kind`; ambiguous words only where they stand as marks."""
    for at, place in enumerate(stretch.originals(hits.starts, hits.ends)):
        hits.backed[at] = stands_as_mark(*place)
    return hits.where(hits.backed) if kind.needs_context else hits


def properties(kinds: Sequence[Kind], parts: Sequence[Part]) -> list[Finding]:
    """Return the markings that the properties of a file are by their names."""
    found = []
    for part in parts:
        if part.kind != PartKind.PROPERTY or not part.text.strip():
            continue
        for kind in kinds:
            if re.fullmatch(kind.pattern, part.label, re.IGNORECASE):
                why = Explanation(matched=kind.id, context=(part.label,))
                span = 0, len(part.text)
                mark = FindingKind.MARKING
                found.append(Finding(mark, kind.id, kind.score, part, *span, why, part.member, kind.level))
                break
    return found
