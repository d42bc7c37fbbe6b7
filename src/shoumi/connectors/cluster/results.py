"""Results of a large scan as files: `findings.parquet`, `files.parquet` and `report.jsonl` in one folder.

Columns are those of `docs/formats/scan-report.md`; location and explanation are JSON texts.  They are written
under another name and take their own when the scan has ended, so that a folder never holds half a result.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from shoumi.connectors.cluster.connecting import ClusterMissingError
from shoumi.engine.inspection.report import FileRecord, FindingRecord, JSONLReport, Summary
from shoumi.engine.inspection.report.jsonl import finding_line

_ROWS: Final = 20_000  # of a row group
_DRAFT: Final = ".part"
FINDING_COLUMNS: Final = (
    "path",
    "finding",
    "kind",
    "id",
    "score",
    "level",
    "text",
    "location",
    "explanation",
)
FILE_COLUMNS: Final = ("path", "sha256", "bytes", "type", "verdict", "rules", "findings", "seconds", "reused")
_TYPES: Final = {
    "score": "float64",
    "seconds": "float64",
    "bytes": "int64",
    "findings": "int64",
    "reused": "bool_",
}


class ResultFiles:
    """A report into a folder."""

    def __init__(self, folder: Path) -> None:
        """Begin the three files in `folder`, which is made if it is not there.

        Raises:
            ClusterMissingError: the extra with Parquet is not installed.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._findings = _Table(folder / f"findings.parquet{_DRAFT}", FINDING_COLUMNS)
        self._files = _Table(folder / f"files.parquet{_DRAFT}", FILE_COLUMNS)
        self._stream = (folder / f"report.jsonl{_DRAFT}").open("w", encoding="utf-8")
        self._lines = JSONLReport(self._stream.write)

    def file(self, record: FileRecord, findings: Sequence[FindingRecord]) -> None:
        """Tell of one file."""
        self._lines.file(record, findings)
        self._files.add(record.to_json())
        for finding in findings:
            self._findings.add(finding_line(record.path, finding))

    def end(self, summary: Summary) -> None:
        """Give the files their names."""
        self._lines.end(summary)
        self._stream.close()
        self._findings.close()
        self._files.close()
        for name in ("findings.parquet", "files.parquet", "report.jsonl"):
            (self._folder / f"{name}{_DRAFT}").replace(self._folder / name)


class _Table:
    """Rows that become row groups of a Parquet file."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        try:
            self._arrow = importlib.import_module("pyarrow")
            parquet = importlib.import_module("pyarrow.parquet")
        except ImportError as error:
            raise ClusterMissingError from error
        kinds = [(name, getattr(self._arrow, _TYPES.get(name, "string"))()) for name in columns]
        self._schema = self._arrow.schema(kinds)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, line: dict[str, Any]) -> None:
        row = {}
        for name in self._schema.names:
            value = line[name]
            row[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()
