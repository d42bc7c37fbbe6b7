"""The text of a PDF page as a reader sees it: wide gaps in a line part cells, full lines go on in the next.

Source: the interface of PDFium (fpdf_text.h), which gives lines as they are set: it ends a line wherever the
page does and puts one space into every gap.  A PDF knows neither paragraphs nor tables; what is said of them
here is told by distances alone, and where the letters cannot be placed the text stays as it is.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

_GAP: Final = 0.7  # of a letter's size: wider than a space between words, where PDFium made it up
_WIDE_SPACE: Final = 1.3  # where the page has a space of its own, which justifying may stretch
_LONG: Final = 14.0  # sizes: a line of prose is longer, an entry of a list may be shorter
_SHORT_OF_MARGIN: Final = 1.5  # sizes that a full line leaves free where letters may be parted
_INDENT: Final = 2.6  # sizes
_SPACING: Final = (0.7, 2.4)  # sizes from line to line within a paragraph
_FEW: Final = 12  # letters; a shorter line is not asked whether it is full
_SPACE: Final = re.compile(r"(?<=[^\s]) (?=[^\s])")
_PLAIN: Final = re.compile(r"[A-Za-z,.;:'()-]")
_WORD: Final = re.compile(r"[!-~]+")
_WORD_MOST: Final = 30  # letters; a longer one stands on a line of its own or is broken
_WIDTH: Final = 0.6  # of a letter in its size, on an average
_FIRST_CJK: Final = "\u2e80"


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a letter stands on its page, in points."""

    left: float
    right: float
    bottom: float


class _Letters:
    """The letters of a page; each is asked for its place when it is needed."""

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._page = page
        self._sides = [ctypes.c_double() for _side in range(4)]
        self._matrix = pdfium.FS_MATRIX()
        self._pointers = [ctypes.byref(side) for side in self._sides]

    def box(self, place: int) -> _Box:
        left, right, bottom, _top = self._sides
        pdfium.FPDFText_GetCharBox(self._page, place, *self._pointers)
        return _Box(left.value, right.value, bottom.value)

    def size(self, place: int) -> float:
        """Return how large a letter is on the page, which its font and its matrix say together."""
        pdfium.FPDFText_GetMatrix(self._page, place, ctypes.byref(self._matrix))
        scale = math.hypot(self._matrix.c, self._matrix.d)
        return float(pdfium.FPDFText_GetFontSize(self._page, place)) * scale or 1.0

    def made_up(self, place: int) -> bool:
        return bool(pdfium.FPDFText_IsGenerated(self._page, place) == 1)


def laid_out(page: pypdfium2.PdfTextPage, text: str) -> str:
    """Return `text`, which is that of the page, with a tab in each gap and without ends of full lines."""
    if len(text) == page.count_chars():
        return _laid_out(page, text)
    units = text.encode("utf-16-le", "surrogatepass")  # PDFium counts a letter beyond the first plane twice
    if len(units) != 2 * page.count_chars():
        return text.replace("\r\n", "\n")
    halves = "".join(map(chr, memoryview(units).cast("H")))
    return _laid_out(page, halves).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _laid_out(page: pypdfium2.PdfTextPage, text: str) -> str:
    letters = _Letters(page)
    lines, start = [], 0
    for line in text.split("\r\n"):
        lines.append((start, line))
        start += len(line) + 2
    parted = _parted(letters, lines)
    return _joined(letters, [(start, line) for (start, _old), line in zip(lines, parted, strict=True)])


def _parted(letters: _Letters, lines: list[tuple[int, str]]) -> list[str]:
    """Return the lines with a tab in each wide gap."""
    made = [_with_tabs(letters, start, line, every=False) for start, line in lines]
    rows = {number for number, line in enumerate(made) if "\t" in line}
    beside = {number + step for number in rows for step in (-1, 0, 1)}
    for number in beside & set(range(len(lines))):  # heads and rows of words alone
        made[number] = _with_tabs(letters, *lines[number], every=True)
    return made


def _with_tabs(letters: _Letters, start: int, line: str, *, every: bool) -> str:
    signs, size = None, 0.0
    for found in _SPACE.finditer(line):
        at = found.start()
        if not every and _PLAIN.match(line, at - 1) and _PLAIN.match(line, at + 1):
            continue
        gap = letters.box(start + at + 1).left - letters.box(start + at - 1).right
        size = size or letters.size(start + at - 1)
        if gap > _GAP * size and (gap > _WIDE_SPACE * size or letters.made_up(start + at)):
            signs = signs or list(line)
            signs[at] = "\t"
    return "".join(signs) if signs else line


def _joined(letters: _Letters, lines: list[tuple[int, str]]) -> str:
    """Return the lines as one text; where one is full and the next goes on they are one."""
    edges: list[tuple[_Box, _Box, float] | None] = []
    rights: dict[int, list[float]] = {}
    for start, line in lines:
        told = line.strip()
        if len(told) < _FEW or "\t" in told:
            edges.append(None)
            continue
        first = start + len(line) - len(line.lstrip())
        size = letters.size(first)
        ends = letters.box(first), letters.box(first + len(told) - 1), size
        edges.append(ends)
        rights.setdefault(round(size), []).append(ends[1].right)
    margins = {size: _margin(some) for size, some in rights.items()}
    pieces = [lines[0][1]]
    for number, (start, line) in enumerate(lines[1:], 1):
        before, here = edges[number - 1], edges[number]
        if here is None and line.strip() and "\t" not in line:
            first = start + len(line) - len(line.lstrip())
            here = letters.box(first), letters.box(first), letters.size(first)
        free = _lead(line) * (before[2] if before else 0.0)
        going_on = before is not None and here is not None and _goes_on(before, here, margins, free)
        pieces.append(_joint(pieces[-1], line) if going_on else "\n")
        pieces.append(line)
    return "".join(pieces)


def _margin(rights: list[float]) -> float:
    """Return where lines end: one in ten gets so far, as words too long stand out."""
    return sorted(rights, reverse=True)[len(rights) // 10]


def _goes_on(
    before: tuple[_Box, _Box, float], here: tuple[_Box, _Box, float], margins: dict[int, float], free: float
) -> bool:
    """Tell whether the line before is full, and the line here stands where its paragraph goes on."""
    (first, last, size), (next_first, _next_last, next_size) = before, here
    long = last.right - first.left > _LONG * size
    full = last.right > margins.get(round(size), 0.0) - free
    fall = first.bottom - next_first.bottom
    below = _SPACING[0] * size < fall < _SPACING[1] * size
    indent = first.left - next_first.left
    return long and full and below and -0.5 * size < indent < _INDENT * size and abs(size - next_size) < 1


def _lead(line: str) -> float:
    """Return how much room, in sizes, the first word of a line would have needed in the one before."""
    word = _WORD.match(line)
    return max(_SHORT_OF_MARGIN, min(len(word[0]), _WORD_MOST) * _WIDTH + 1 if word else 0.0)


def _joint(before: str, line: str) -> str:
    last, first = before[-1:] or " ", line[:1] or " "
    if not (last + first).isprintable():
        return ""
    wide = last >= _FIRST_CJK, first >= _FIRST_CJK
    return "" if all(wide) or (any(wide) and not all(map(_is_plain, last + first))) else " "


def _is_plain(letter: str) -> bool:
    """Tell whether a letter or digit is of the Latin alphabet, of any width."""
    return unicodedata.normalize("NFKC", letter).isascii()
