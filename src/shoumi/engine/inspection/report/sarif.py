"""A report as SARIF, for tools that review code and documents: one run, one result for each finding.

Source: OASIS SARIF 2.1.0 with errata 01.  Results are written as they come, so that a scan of any size needs
little memory; what they refer to, artifacts and rules, follows in the same object.  Members of containers,
pages and cells are logical locations: the format's regions are for plain text alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from shoumi import __version__
from shoumi.engine.inspection.report.records import FileRecord, FindingRecord, Summary, Write, full_path
from shoumi.engine.inspection.verdict import Action

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")  # RFC 3986
_LEVELS: Final = {Action.ALLOW: "note", Action.WARN: "warning", Action.JUSTIFY: "warning"}  # others: error


class SARIFReport:
    """Writes one SARIF file."""

    def __init__(self, write: Write) -> None:
        """Write with `write`, which takes text."""
        self._write = write
        self._rules: dict[str, int] = {}
        self._artifacts: list[dict[str, Any]] = []
        self._results = 0
        head = {"$schema": SCHEMA, "version": "2.1.0"}
        self._write(_dumped(head)[:-1] + ', "runs": [{"results": [')

    def file(self, record: FileRecord, findings: Sequence[FindingRecord]) -> None:
        """Tell of one file; files without findings are counted only."""
        if not findings:
            return
        place = {"uri": uri_of(record.path), "index": len(self._artifacts)}
        artifact: dict[str, Any] = {"location": place, "length": record.bytes}
        if record.type:
            artifact["mimeType"] = record.type
        if record.sha256:
            artifact["hashes"] = {"sha-256": record.sha256}
        artifact["properties"] = {"verdict": str(record.verdict.action)}
        self._artifacts.append(artifact)
        for finding in findings:
            self._write((",\n" if self._results else "\n") + _dumped(self._result(record, finding, place)))
            self._results += 1

    def end(self, summary: Summary) -> None:
        """Write what the results refer to, and the end."""
        rules = [{"id": rule, "shortDescription": {"text": rule}} for rule in self._rules]
        rest = {
            "tool": {"driver": {"name": "shoumi", "version": __version__, "rules": rules}},
            "artifacts": self._artifacts,
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": True, "properties": summary.to_json()}],
        }
        self._write("\n], " + _dumped(rest)[1:] + "]}\n")

    def _result(self, record: FileRecord, finding: FindingRecord, place: dict[str, Any]) -> dict[str, Any]:
        physical: dict[str, Any] = {"artifactLocation": place}
        if "line" in finding.location and not finding.member:
            physical["region"] = {"startLine": finding.location["line"]}
        inner = described_place(finding)
        location: dict[str, Any] = {"physicalLocation": physical}
        if finding.member or inner:
            whole = full_path(record.path, finding.member)
            location["logicalLocations"] = [
                {
                    "name": inner or finding.member,
                    "fullyQualifiedName": f"{whole}#{inner}" if inner else whole,
                }
            ]
        return {
            "ruleId": finding.id,
            "ruleIndex": self._rules.setdefault(finding.id, len(self._rules)),
            "kind": "fail",
            "level": _LEVELS.get(record.verdict.action, "error"),
            "message": {"text": _message(finding)},
            "locations": [location],
            "partialFingerprints": {"shoumiFinding/v1": finding.finding},
            "rank": round(finding.score * 100, 2),
            "properties": {
                "kind": str(finding.kind),
                **({"level": finding.level} if finding.level else {}),
                "explanation": finding.to_json()["explanation"],
            },
        }


def uri_of(path: str) -> str:
    """Return a path as a URI reference, absolute paths with their scheme."""
    escaped = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in path.encode())
    return f"file://{escaped}" if PurePosixPath(path).is_absolute() else escaped


def described_place(finding: FindingRecord) -> str:
    """Return the place in the file in few words, such as `sheet 客户 C7` or `page 3`."""
    place = finding.location
    if "sheet" in place:
        return f"{place['sheet']} {place['cell']}"
    told = [f"{name} {place[name]}" for name in ("page", "line", "paragraph") if name in place]
    return " ".join([str(place["part"]), *told]) if "part" in place else " ".join(told)


def _message(finding: FindingRecord) -> str:
    why = ", ".join(each for each in (finding.matched, finding.check, *finding.context) if each)
    text = f"{finding.id}: {finding.text}" if finding.text else finding.id
    return f"{text} ({why})" if why else text


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
