"""Tells what an inspection found: lines of JSON for programs, SARIF for review tools, a table for people.

    files = FileRecord(...), [FindingRecord(...), ...]
    report = JSONLReport(sys.stdout.write)
    report.file(record, findings); ...; report.end(summary)

The fields are those of `docs/formats/scan-report.md` and of `docs/formats/scan-report.schema.json`.
"""

from shoumi.engine.inspection.report.jsonl import JSONLReport
from shoumi.engine.inspection.report.records import (
    FileRecord,
    FindingRecord,
    Report,
    Summary,
    finding_records,
)
from shoumi.engine.inspection.report.sarif import SARIFReport
from shoumi.engine.inspection.report.table import TableReport

__all__ = [
    "FileRecord",
    "FindingRecord",
    "JSONLReport",
    "Report",
    "SARIFReport",
    "Summary",
    "TableReport",
    "finding_records",
]
