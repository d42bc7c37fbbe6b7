"""Finds base64 in texts that speak of it, so that what it hides is recognised like what stands open.

Sources: RFC 4648, 4 and 5; RFC 2045, 6.8 (lines of one length, the last one shorter); the data of a
Kubernetes Secret, whose values are base64 under the name of their key; the file of a container client, with
credentials under "auth".  Looks through the beginning of a part, and behind it around each word that speaks
of base64.  Decodes once, only what becomes plain text, and no more of it than the bounds here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shoumi.engine.inspection.values import Finding, Part

ENCODING: Final = "encoding"  # fact of a finding: how what was found is written
SPEAKING: Final = ("base64", '"auth":', "Secret")  # one of them stands where it is worth a look
_KUBERNETES: Final = re.compile(r"""["']?kind["']?[ \t]*:[ \t]*["']?Secret\b""")
_VALUE: Final = re.compile(
    r"""^[ \t]*["']?([\w.-]{1,80})["']?:[ \t]*["']?([A-Za-z0-9+/]{8,65536}={0,2})["']?[ \t]*,?[ \t]*$""",
    re.MULTILINE,
)
_LONG: Final = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{24,}", re.ASCII)  # as both of the next begin
_RUN: Final = re.compile(r"(?<![\w+/-])([A-Za-z0-9+/_-]{24,65536}={0,2})(?![\w+/=-])", re.ASCII)
_LINES: Final = re.compile(
    r"(?<![\w+/-])[A-Za-z0-9+/_-]{24,1024}"
    r"(?:[ \t]{0,40}\r?\n[ \t]{0,40}[A-Za-z0-9+/_-]{1,1024}={0,2}(?=[ \t]{0,40}(?:[\r\n\"']|\Z))){1,20000}",
    re.ASCII,
)
_LINE: Final = re.compile(r"[A-Za-z0-9+/_=-]+")
_REST: Final = re.compile(r"[A-Za-z0-9+/_=-]{0,65536}")
_KEY: Final = re.compile(
    r"""([\w.-]{1,60})["']?[ \t]{0,3}[:=][ \t]{0,3}(?:[|>][-+]?[ \t]{0,3}\r?\n[ \t]{0,40})?["']?\Z"""
)
_LOOK: Final = 120
_LOOKED_THROUGH: Final = 1 << 22  # characters of a part, and again as many around words behind them
_BEFORE, _BEHIND = 1 << 12, 1 << 17  # characters around a word
_RUNS_MOST: Final = 2_000  # of one call
_DECODED_MOST: Final = 1 << 20  # characters of one call
_FEWEST: Final = 6  # characters that are worth reading

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a stretch of a part hides, as it would stand there open."""

    part: int  # its place among the parts
    lines: tuple[Span, ...]  # where its letters stand, a span for each line
    before: str  # what was put before the plain text: the key that names it
    plain: str
    behind: str

    @property
    def text(self) -> str:
        """The plain text with what names it."""
        return f"{self.before}{self.plain}{self.behind}"

    def placed(self, found: Finding, part: Part) -> Finding | None:
        """Return a finding of `text` where it stands in its part; None if it is not of the plain text."""
        first, last = found.start - len(self.before), found.end - len(self.before)
        if last <= 0 or first >= len(self.plain):
            return None
        start = len(self.plain[: max(0, first)].encode()) // 3 * 4
        end = -(-len(self.plain[:last].encode()) // 3) * 4
        why = replace(found.explanation, facts=(*found.explanation.facts, (ENCODING, "base64")))
        return replace(
            found,
            part=part,
            start=self._place(start),
            end=self._place(end - 1) + 1,
            explanation=why,
            member=part.member,
        )

    def _place(self, letter: int) -> int:
        """Return where the letter of this number stands; the last one where there are fewer."""
        for start, end in self.lines:
            if letter < end - start:
                return start + letter
            letter -= end - start
        return self.lines[-1][1] - 1


def decoded(parts: Sequence[Part], among: Mapping[int, Sequence[int]]) -> Iterator[Decoded]:
    """Yield what base64 hides in `parts`; looks only `among` those of these numbers.

    `among` gives with each number the places of the words that speak of it, ascending.
    """
    runs = room = 0
    for number, words in among.items():
        text = parts[number].text
        if not _speaks_of_it(text):
            continue
        read: set[int] = set()  # where lines begin that are part of something read already
        for lines, key in _places(text, words):
            if lines[0][0] in read:
                continue
            runs += 1
            if runs > _RUNS_MOST:
                return
            plain = _plain("".join(text[start:end] for start, end in lines))
            if len(plain) < _FEWEST:
                continue
            read.update(start for start, _end in lines)
            room += len(plain)
            if room > _DECODED_MOST:
                return
            named = bool(key) and "\n" not in plain
            yield Decoded(number, lines, f'{key}: "' if named else "", plain, '"' if named else "")


def _speaks_of_it(text: str) -> bool:
    """Tell whether `text` holds one of the words that stand beside what is looked for."""
    return any(word in text for word in ("base64", '"auth":', "kind: Secret", '"Secret"'))


def _places(text: str, words: Sequence[int]) -> Iterator[tuple[tuple[Span, ...], str]]:
    """Yield the lines of what may be base64, and the key before it: what is longest first."""
    for start, end in _stretches(text, words):
        longs = [long.start() for long in _LONG.finditer(text, start, end)]
        for found in _apart(_LINES, text, longs, end):
            for lines in _of_one_length(text, found):
                if len(lines) > 1:
                    yield lines, _key(text, lines[0][0])
        if _KUBERNETES.search(text, start, end):
            for found in _VALUE.finditer(text, start, end):
                yield (found.span(2),), found[1]
        for found in _apart(_RUN, text, longs, end):
            yield (found.span(1),), _key(text, found.start())


def _apart(pattern: re.Pattern[str], text: str, starts: list[int], end: int) -> Iterator[re.Match[str]]:
    """Yield the matches of `pattern` that begin at `starts` and do not overlap."""
    behind = 0
    for start in starts:
        found = pattern.match(text, start, end) if start >= behind else None
        if found:
            yield found
            behind = found.end()


def _stretches(text: str, words: Sequence[int]) -> Iterator[Span]:
    """Yield where to look: the beginning, then around words behind it; none ends within a run."""
    start, end, room = 0, min(len(text), _LOOKED_THROUGH), _LOOKED_THROUGH
    for word in words:
        first, last = max(end, word - _BEFORE), min(len(text), word + _BEHIND)
        if word + _BEHIND <= end:
            continue
        if first > end:
            yield start, _whole(text, end)
            start = first
        room -= last - max(first, end)
        end = last
        if room < 0:
            break
    yield start, _whole(text, end)


def _whole(text: str, end: int) -> int:
    rest = _REST.match(text, end)
    return rest.end() if rest else end


def _of_one_length(text: str, found: re.Match[str]) -> Iterator[tuple[Span, ...]]:
    """Yield the lines that belong together: as long as their first, the last one shorter or padded."""
    lines: list[Span] = []
    width = 0
    for line in _LINE.finditer(text, found.start(), found.end()):
        length = line.end() - line.start()
        if lines and length > width:
            yield tuple(lines)
            lines = []
        width = width if lines else length
        lines.append(line.span())
        if length < width or text[line.end() - 1] == "=":
            yield tuple(lines)
            lines = []
    yield tuple(lines)


def _key(text: str, start: int) -> str:
    key = _KEY.search(text[max(0, start - _LOOK) : start])
    return key[1] if key else ""


def _plain(run: str) -> str:
    """Return the text that `run` is the base64 of; nothing if it is none."""
    bare = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        text = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    plain = text.rstrip("\r\n\t")
    return plain if all(letter.isprintable() or letter in "\r\n\t" for letter in plain) else ""
