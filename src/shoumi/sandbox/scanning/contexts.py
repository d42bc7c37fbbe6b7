"""Shows where a finding stands: the letters around it, covered unless they are to be revealed.

The file is taken apart anew, in a worker, and the part is known again by its member and its place.  Content
that is not the one inspected has no such place, and nothing of it is shown.  Uncovered in a masked view are
only the words that spoke for the finding, which are those of a pack or of a table's head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from shoumi.engine.inspection.values import Part, Place, masked, place_of
from shoumi.sandbox.reading import extraction_of

AROUND: Final = 80  # letters shown before and after
LONGEST: Final = 800  # letters of the finding itself
_COVER: Final = "▒"


def context_of(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return the letters around a place of `content` as JSON: `before`, `text` and `after`, or null.

    Parameters: `sha256` of the content inspected, `name`, `ocr` (languages), `member` and `location` of a
    finding record, `words` (left uncovered), `reveal`.
    """
    if hashlib.sha256(content).hexdigest() != parameters["sha256"]:
        return b"null", {}
    found = _found(content, parameters, ()) or (
        _found(content, parameters, parameters["ocr"]) if parameters["ocr"] else None
    )
    if found and not parameters["reveal"]:
        found = {
            "before": _covered(found["before"], parameters["words"]),
            "text": masked(found["text"]),
            "after": _covered(found["after"], parameters["words"]),
        }
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace"), {}


def _found(content: bytes, parameters: dict[str, Any], ocr: Sequence[str]) -> dict[str, str] | None:
    """Return the letters around the place, from pictures too if `ocr` names languages."""
    location = dict(parameters["location"])
    start, end = int(location.get("start", 0)), int(location.get("end", 0))
    for part in extraction_of(content, str(parameters["name"]), None, ocr).parts:
        if part.member == parameters["member"] and _told(part, start, end) == location:
            return _around(part.text, start, end)
    return None


def _told(part: Part, start: int, end: int) -> dict[str, Any]:
    place = place_of(part, start, end)
    told = {each.name: getattr(place, each.name) for each in fields(Place)}
    return {name: value for name, value in told.items() if value is not None}


def _around(text: str, start: int, end: int) -> dict[str, str]:
    return {
        "before": text[max(0, start - AROUND) : start],
        "text": text[start : min(end, start + LONGEST)],
        "after": text[end : end + AROUND],
    }


def _covered(text: str, words: Sequence[str]) -> str:
    """Return `text` with every letter and digit covered that belongs to none of `words`."""
    shown = [False] * len(text)
    for word in filter(None, words):
        at = text.find(word)
        while at >= 0:
            shown[at : at + len(word)] = [True] * len(word)
            at = text.find(word, at + 1)
    return "".join(
        letter if keep or not letter.isalnum() else _COVER for letter, keep in zip(text, shown, strict=True)
    )
