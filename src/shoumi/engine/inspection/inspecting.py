"""Puts the means of inspection together: what a file gave away in, its findings out in one order, with ids.

Also tells of copies of registered secrets that bear no marking of their level, and of whatever stayed closed.
Pure: reading files, workers and reports belong to others; so does judging.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.inspection.values import (
    MEMBER_MARK,
    Explanation,
    Extraction,
    Finding,
    FindingKind,
    Part,
    Picture,
)

UNMARKED: Final = "marking.unmarked_copy"
MISNAMED: Final = "marking.other_kind"  # the name marks the file as something that it is not
_ID_DIGITS: Final = 32  # of hexadecimal: 128 bits, no two findings of a company's files share one
_RANKS: Final = {"general": 1, "important": 2, "core": 3}


class Recognising(Protocol):
    """Finds identifiers, credentials and markings."""

    def findings(self, parts: Sequence[Part], name: str = "") -> list[Finding]:
        """Return what stands in `parts`."""
        ...


class Matching(Protocol):
    """Finds rows of a table."""

    def findings(self, parts: Sequence[Part]) -> list[Finding]:
        """Return what stands in `parts`."""
        ...


class Fingerprinting(Protocol):
    """Finds excerpts and pictures of registered documents."""

    def findings(self, parts: Sequence[Part], pictures: Sequence[Picture]) -> list[Finding]:
        """Return what stands in `parts` and `pictures`."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What a file is inspected with."""

    recogniser: Recognising | None = None
    exact: tuple[Matching, ...] = ()
    fingerprints: tuple[Fingerprinting, ...] = ()


def inspect(extraction: Extraction, means: Means, name: str = "") -> list[Finding]:
    """Return every finding of `extraction`, each once, in the order in which a reader would meet them.

    `name` is the file's own name, which may say something too.  Findings that differ in their explanation
    only are one; of those the most certain stays.
    """
    found: list[Finding] = []
    if means.recogniser:
        found += means.recogniser.findings(extraction.parts, name)
    for index in means.exact:
        found += index.findings(extraction.parts)
    for fingerprints in means.fingerprints:
        found += fingerprints.findings(extraction.parts, extraction.pictures)
    found += _unmarked(found)
    found += [
        Finding(
            kind=FindingKind.UNREADABLE,
            id=f"unreadable.{closed.reason}",
            score=1.0,
            part=None,
            start=0,
            end=0,
            explanation=Explanation(matched=closed.reason, facts=_detail(closed.detail)),
            member=closed.member,
        )
        for closed in extraction.unreadable
    ]
    found += [
        Finding(
            kind=FindingKind.MARKING,
            id=MISNAMED,
            score=1.0,
            part=None,
            start=0,
            end=0,
            explanation=Explanation(matched=each.type, check="other_kind"),
            member=each.member,
        )
        for each in extraction.misnamed
    ]
    return _ordered(found, extraction.parts)


def finding_ids(findings: Sequence[Finding], parts: Sequence[Part], sha256: str) -> list[str]:
    """Return an id for each finding that any later inspection of the same bytes gives it again.

    It hangs on the file's content and the place, never on the text found: an id must not be a way to guess a
    masked value.  An edited file gets new ids, so that what was once called harmless is looked at again.
    """
    ordinals = _ordinals(parts)
    seen: Counter[bytes] = Counter()
    ids = []
    for finding in findings:
        place = ordinals.get(id(finding.part), -1)
        told = canonical_bytes(
            [sha256, finding.kind, finding.id, member_of(finding), place, finding.start, finding.end]
        )
        again = seen[told]
        seen[told] += 1
        ids.append(hashlib.sha256(told + str(again or "").encode()).hexdigest()[:_ID_DIGITS])
    return ids


def member_of(finding: Finding) -> str:
    """Return the way to where the finding is, through containers; empty for the file itself."""
    return finding.member or (finding.part.member if finding.part else "")


def _detail(text: str) -> tuple[tuple[str, str], ...]:
    return (("detail", text),) if text else ()


def _unmarked(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield a finding for each registered secret that stands without a marking of its level or above.

    A marking covers its own file and whatever lies in it: the label on a letter covers what is attached, the
    label in one file of an archive covers that file alone.
    """
    found = list(found)
    marked: dict[str, int] = {}
    for finding in found:
        if finding.kind == FindingKind.MARKING:
            rank = _RANKS.get(finding.level, 0)
            marked[member_of(finding)] = max(marked.get(member_of(finding), 0), rank)
    told: set[tuple[str, str]] = set()
    for finding in found:
        if finding.kind != FindingKind.FINGERPRINT:
            continue
        facts = dict(finding.explanation.facts)
        secret = str(facts.get("secret") or finding.id)
        needed = _RANKS.get(finding.level, 0)
        covered = any(marked.get(member, -1) >= needed for member in _containers(member_of(finding)))
        if not covered and (member_of(finding), secret) not in told:
            told.add((member_of(finding), secret))
            yield Finding(
                kind=FindingKind.MARKING,
                id=UNMARKED,
                score=finding.score,
                part=finding.part,
                start=finding.start,
                end=finding.end,
                explanation=Explanation(matched=finding.id, check="no_marking", facts=(("secret", secret),)),
                member=member_of(finding),
                level=finding.level,
            )


def _containers(member: str) -> Iterator[str]:
    """Yield the member and whatever it lies in, up to the file itself."""
    yield member
    while member:
        member = member.rpartition(MEMBER_MARK)[0]
        yield member


def _ordinals(parts: Sequence[Part]) -> dict[int, int]:
    return {id(part): number for number, part in enumerate(parts)}


def _ordered(found: Iterable[Finding], parts: Sequence[Part]) -> list[Finding]:
    ordinals = _ordinals(parts)
    best: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        place = ordinals.get(id(finding.part), -1)
        facts = dict(finding.explanation.facts)
        what = str(facts.get("row", facts.get("secret", "")))
        key = (finding.kind, finding.id, member_of(finding), place, finding.start, finding.end, what)
        if key not in best or finding.score > best[key].score:
            best[key] = finding
    last = len(ordinals)

    def order(finding: Finding) -> tuple[int, int, int, str, str, str, str]:
        place = ordinals.get(id(finding.part), last)
        rest = repr(finding.explanation)
        return (place, finding.start, finding.end, member_of(finding), finding.kind, finding.id, rest)

    return sorted(best.values(), key=order)
