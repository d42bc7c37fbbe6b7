"""A report as lines of JSON: the findings of a file, then the file, and one line at the end.

The fields: `docs/formats/scan-report.schema.json`.  The file's line comes after its findings, so that whoever
sees it has seen them all; a report without a last line was cut.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from shoumi.engine.inspection.report.records import FileRecord, FindingRecord, Summary, Write, full_path


def finding_line(path: str, finding: FindingRecord) -> dict[str, Any]:
    """Return the line of one finding as plain JSON."""
    told = finding.to_json()
    del told["member"], told["same"]
    return {"record": "finding", "path": full_path(path, finding.member), **told}


class JSONLReport:
    """Writes the lines as they come."""

    def __init__(self, write: Write) -> None:
        """Write with `write`, which takes text."""
        self._write = write

    def file(self, record: FileRecord, findings: Sequence[FindingRecord]) -> None:
        """Tell of one file, in one call of `write`."""
        lines = [*(finding_line(record.path, finding) for finding in findings), record.to_json()]
        self._write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))

    def end(self, summary: Summary) -> None:
        """Write the last line."""
        self._write(json.dumps(summary.to_json(), ensure_ascii=False) + "\n")
