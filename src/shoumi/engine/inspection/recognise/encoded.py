"""Finds base64 in texts that speak of it, so that what it hides is recognised like what stands open.

Sources: RFC 4648, 4 and 5; the data of a Kubernetes Secret, whose values are base64 under the name of their
key; the file of a container client, with credentials under "auth".  Decodes once, only what becomes plain
text, and no more of it than the bounds here.  Base64 over several lines is left alone: keys in PEM are
recognised by their first line.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
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
_RUN: Final = re.compile(r"(?<![\w+/-])([A-Za-z0-9+/_-]{24,65536}={0,2})(?![\w+/=-])", re.ASCII)
_KEY: Final = re.compile(r"""([\w.-]{1,60})["']?[ \t]{0,3}[:=][ \t]{0,3}["']?\Z""")
_LOOK: Final = 80
_LOOKED_THROUGH: Final = 1 << 22  # characters of a part
_RUNS_MOST: Final = 2_000  # of one call
_DECODED_MOST: Final = 1 << 20  # characters of one call
_FEWEST: Final = 6  # characters that are worth reading


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a stretch of a part hides, as it would stand there open."""

    part: int  # its place among the parts
    start: int
    end: int
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
            start=self.start + start,
            end=min(self.start + end, self.end),
            explanation=why,
            member=part.member,
        )


def decoded(parts: Sequence[Part], among: Iterable[int]) -> Iterator[Decoded]:
    """Yield what base64 hides in `parts`; looks only `among` those of these numbers."""
    runs = room = 0
    for number in among:
        text = parts[number].text
        if not _speaks_of_it(text):
            continue
        for start, end, key in _places(text):
            runs += 1
            if runs > _RUNS_MOST:
                return
            plain = _plain(text[start:end])
            if len(plain) < _FEWEST:
                continue
            room += len(plain)
            if room > _DECODED_MOST:
                return
            named = bool(key) and "\n" not in plain
            yield Decoded(number, start, end, f'{key}: "' if named else "", plain, '"' if named else "")


def _speaks_of_it(text: str) -> bool:
    """Tell whether `text` holds one of the words that stand beside what is looked for."""
    return any(word in text for word in ("base64", '"auth":', "kind: Secret", '"Secret"'))


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and key of what may be base64."""
    seen: set[int] = set()
    if _KUBERNETES.search(text, 0, _LOOKED_THROUGH):
        for found in _VALUE.finditer(text, 0, _LOOKED_THROUGH):
            seen.add(found.start(2))
            yield found.start(2), found.end(2), found[1]
    for found in _RUN.finditer(text, 0, _LOOKED_THROUGH):
        if found.start() not in seen:
            key = _KEY.search(text[max(0, found.start() - _LOOK) : found.start()])
            yield found.start(), found.end(), key[1] if key else ""


def _plain(run: str) -> str:
    """Return the text that `run` is the base64 of; nothing if it is none."""
    bare = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        text = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    plain = text.rstrip("\r\n\t")
    return plain if all(letter.isprintable() or letter in "\r\n\t" for letter in plain) else ""
