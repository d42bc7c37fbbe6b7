"""Invented findings and what finds them, for tests of what comes after the finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shoumi.engine.inspection.values import Explanation, Finding, FindingKind, Part, PartKind, Picture


def found(part: Part | None, word: str = "", **fields) -> Finding:
    """Return a finding of `word` in `part`."""
    start = part.text.index(word) if part else 0
    told = {
        "kind": FindingKind.IDENTIFIER,
        "id": "cn.invented",
        "score": 0.9,
        "explanation": Explanation(matched="invented", check="length", context=("编号",)),
    }
    return Finding(part=part, start=start, end=start + len(word), **{**told, **fields})


def text_part(text: str, member: str = "") -> Part:
    return Part(PartKind.TEXT, text, member=member)


@dataclass(frozen=True)
class WordFinder:
    """Finds every word of a pattern, in the three roles of the real ones."""

    pattern: str
    kind: FindingKind
    id: str
    level: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    def findings(self, parts: Sequence[Part], more: str | Sequence[Picture] = "") -> list[Finding]:
        return [
            Finding(
                self.kind,
                self.id,
                1.0,
                part,
                hit.start(),
                hit.end(),
                Explanation(self.id, facts=self.facts),
                level=self.level,
            )
            for part in reversed(parts)
            for hit in reversed(list(re.finditer(self.pattern, part.text)))
        ]
