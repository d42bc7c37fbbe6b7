"""The lines of a report as values: one for each finding, one for each file, one at the end.

A record holds what may be shown and kept: text is masked unless revealed.  `same` numbers the different
values of a file, so that amounts can be counted without knowing the values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Protocol

from shoumi.engine.inspection.inspecting import finding_ids, member_of
from shoumi.engine.inspection.values import (
    FURTHER,
    MEMBER_MARK,
    Extraction,
    Finding,
    FindingKind,
    Place,
    masked,
    place_of,
)
from shoumi.engine.inspection.verdict import Action, Ground, Verdict, worst

MOST_TEXT: Final = 200  # letters of a finding's text that a record shows
_SCORE_DIGITS: Final = 4

Write = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One finding, fit to be shown and kept."""

    finding: str  # stable id
    kind: FindingKind
    id: str
    score: float
    level: str
    member: str  # way to it through containers; empty: the file itself
    location: Mapping[str, str | int | float]
    text: str
    matched: str
    check: str
    context: tuple[str, ...]
    facts: Mapping[str, str | int | float]
    same: int  # equal for the same value met twice in this file
    like: str = ""  # keyed digest, equal for the same value met in any file; empty without a key

    @property
    def counts_as(self) -> int:
        """Equal for findings that are one and the same thing met twice."""
        return self.same

    @property
    def count(self) -> int:
        """How many this finding stands for: itself and those of its kind that are not told one by one."""
        return 1 + int(self.facts.get(FURTHER, 0))

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON, without the path of its file."""
        return {
            "finding": self.finding,
            "member": self.member,
            "location": dict(self.location),
            "kind": str(self.kind),
            "id": self.id,
            "score": self.score,
            "level": self.level,
            "text": self.text,
            "same": self.same,
            **({"like": self.like} if self.like else {}),
            "explanation": {
                "matched": self.matched,
                "check": self.check,
                "context": list(self.context),
                "facts": dict(self.facts),
            },
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FindingRecord:
        """Return the record that `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: it did not.
        """
        why = value["explanation"]
        return cls(
            finding=str(value["finding"]),
            kind=FindingKind(value["kind"]),
            id=str(value["id"]),
            score=float(value["score"]),
            level=str(value["level"]),
            member=str(value["member"]),
            location=dict(value["location"]),
            text=str(value["text"]),
            matched=str(why["matched"]),
            check=str(why["check"]),
            context=tuple(map(str, why["context"])),
            facts=dict(why["facts"]),
            same=int(value["same"]),
            like=str(value.get("like", "")),
        )


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file that was inspected."""

    path: str
    sha256: str  # empty: it could not be read
    bytes: int
    type: str  # media type by content; empty: it could not be read
    verdict: Verdict
    findings: int
    seconds: float
    reused: bool = False  # the findings are those of an earlier inspection of the same bytes

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON."""
        return {
            "record": "file",
            "path": self.path,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "type": self.type,
            "verdict": str(self.verdict.action),
            "rules": [_ground(ground) for ground in self.verdict.grounds],
            "findings": self.findings,
            "seconds": round(self.seconds, _SCORE_DIGITS),
            "reused": self.reused,
        }


@dataclass(slots=True)
class Summary:
    """What a whole scan came to."""

    files: int = 0
    bytes: int = 0
    findings: int = 0
    unreadable: int = 0  # findings that tell of something that stayed closed
    reused: int = 0
    skipped: int = 0  # links, devices, pipes and sockets, which are never opened
    seconds: float = 0.0
    verdicts: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))

    def add(self, record: FileRecord, findings: Sequence[FindingRecord]) -> None:
        """Count one file."""
        self.files += 1
        self.bytes += record.bytes
        self.findings += len(findings)
        self.unreadable += sum(each.kind == FindingKind.UNREADABLE for each in findings)
        self.reused += record.reused
        self.verdicts[record.verdict.action] += 1

    @property
    def worst(self) -> Action:
        """The most severe verdict of any file."""
        return worst(action for action, count in self.verdicts.items() if count)

    def to_json(self) -> dict[str, Any]:
        """Return the last line of a report."""
        return {
            "record": "scan",
            "files": self.files,
            "bytes": self.bytes,
            "findings": self.findings,
            "unreadable": self.unreadable,
            "reused": self.reused,
            "skipped": self.skipped,
            "seconds": round(self.seconds, 1),
            "worst": str(self.worst),
            "verdicts": {str(action): count for action, count in self.verdicts.items()},
        }


class Report(Protocol):
    """Anything that writes a report, file by file."""

    def file(self, record: FileRecord, findings: Sequence[FindingRecord]) -> None:
        """Tell of one file."""
        ...

    def end(self, summary: Summary) -> None:
        """Close the report."""
        ...


def finding_records(
    findings: Sequence[Finding],
    extraction: Extraction,
    sha256: str,
    *,
    reveal: bool = False,
    likeness: bytes = b"",
) -> list[FindingRecord]:
    """Return the records of a file's findings; their text masked unless `reveal`.

    `likeness` is the key under which equal values are known again in other files; without it they are not.
    """
    ids = finding_ids(findings, extraction.parts, sha256)
    numbers: dict[object, int] = {}
    records = []
    for finding, own_id in zip(findings, ids, strict=True):
        text = finding.text[:MOST_TEXT]
        records.append(
            FindingRecord(
                finding=own_id,
                kind=finding.kind,
                id=finding.id,
                score=round(finding.score, _SCORE_DIGITS),
                level=finding.level,
                member=_sound(member_of(finding)),
                location=_location(finding),
                text=_sound(text if reveal else _masked(finding.kind, text)),
                matched=finding.explanation.matched,
                check=finding.explanation.check,
                context=finding.explanation.context,
                facts={name: _sounded(value) for name, value in finding.explanation.facts},
                same=numbers.setdefault((finding.kind, finding.id, finding.counts_as), len(numbers)),
                like=_like(finding, likeness, sha256) if likeness else "",
            )
        )
    return records


def _masked(kind: FindingKind, text: str) -> str:
    """Return `text` masked; of a row of a table, whose values lie side by side, not one letter is shown."""
    if kind == FindingKind.EXACT:
        return "".join(each if each.isspace() else "*" for each in text)
    return masked(text)


def full_path(path: str, member: str) -> str:
    """Return the path of a member of a file as people write it: `outer.zip!/inner/name`."""
    return f"{path}{MEMBER_MARK}{member}" if member else path


def _like(finding: Finding, key: bytes, sha256: str) -> str:
    """Return what is equal for equal values, and says nothing of them to whoever has no key.

    What could not be looked into is like nothing but its own copies: nobody knows what else holds the same.
    """
    closed = (sha256,) if finding.kind == FindingKind.UNREADABLE else ()
    told = "\0".join((finding.kind, finding.id, *finding.counts_as, *closed))
    return hashlib.blake2b(_sound(told).encode(), digest_size=16, key=key).hexdigest()


def _location(finding: Finding) -> dict[str, str | int | float]:
    if finding.part is None:
        return {}
    place = place_of(finding.part, finding.start, finding.end)
    told = {each.name: getattr(place, each.name) for each in fields(Place)}
    return {name: _sounded(value) for name, value in told.items() if value is not None}


def _sound(text: str) -> str:
    """Return `text` without halves of surrogate pairs: no encoding holds them, names of files may."""
    return text.encode("utf-8", "backslashreplace").decode()


def _sounded(value: str | float) -> str | int | float:
    return _sound(value) if isinstance(value, str) else value


def _ground(ground: Ground) -> dict[str, str | int]:
    return {"rule": ground.rule, "verdict": str(ground.action), "amount": ground.amount}
