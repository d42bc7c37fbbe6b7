"""What runs in a worker of a scan: opens the indexes once, then extracts and inspects one file after another.

`prepare` makes the means from the parameters of a `Setting`; `inspect_file` answers with a file's records,
already masked, so that neither text nor pictures cross the pipe.  A content that the caller says it knows is
only hashed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shoumi.engine.inspection.extract import ExtractLimits
from shoumi.engine.inspection.inspecting import Means, inspect
from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.report import finding_records
from shoumi.engine.inspection.values import Extraction, Finding, Reason, Unreadable
from shoumi.sandbox.reading import extraction_of
from shoumi.sandbox.scanning.opening import opened
from shoumi.sandbox.scanning.setting import Setting

MOST_FINDINGS: Final = 50_000  # of one file that are told
_BLOCK: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a worker keeps between files."""

    means: Means
    setting: Setting


def prepare(_content: bytes, parameters: dict[str, Any]) -> Prepared:
    """Open whatever the setting names.

    Raises:
        the leaves that opening an index and its key name.
    """
    setting = Setting.from_parameters(parameters)
    exact, fingerprints = opened(setting.indexes, setting.public)
    return Prepared(Means(Recogniser.load(setting.packs), exact, fingerprints), setting)


def inspect_file(
    content: bytes, parameters: dict[str, Any], prepared: Prepared
) -> tuple[bytes, dict[str, Any]]:
    """Inspect `content`; parameters: `path` (hexadecimal), `known` (hashes that need no inspection).

    The content of the answer is the JSON of a list of finding records; its facts: `sha256`, `bytes`, `type`
    and `same`, true where the hash was known and nothing was inspected.
    """
    path = Path(os.fsdecode(bytes.fromhex(parameters["path"])))
    sha256, size = _hashed(content, path, int(parameters["read_bytes"]))
    if sha256 in parameters["known"]:
        return b"[]", {"sha256": sha256, "bytes": size, "type": "", "same": True}
    setting = prepared.setting
    extraction = extraction_of(content, path.name, ExtractLimits(**setting.limits), setting.ocr)
    findings = inspect(extraction, prepared.means, path.name)
    if len(findings) > MOST_FINDINGS:
        findings = _cut(findings)
    records = finding_records(findings, extraction, sha256, reveal=setting.reveal, likeness=setting.likeness)
    told = json.dumps([record.to_json() for record in records], ensure_ascii=False)
    return told.encode(), {"sha256": sha256, "bytes": size, "type": extraction.type, "same": False}


def _hashed(content: bytes, path: Path, read_bytes: int) -> tuple[str, int]:
    """Return hash and length of the whole file, of which `content` is the beginning if it is longer."""
    if len(content) <= read_bytes:
        return hashlib.sha256(content).hexdigest(), len(content)
    told, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            told.update(block)
            size += len(block)
    return told.hexdigest(), size


def _cut(findings: Sequence[Finding]) -> list[Finding]:
    """Return the first findings and one that tells how many there were."""
    more = Unreadable(
        Reason.TOO_MANY, detail=f"{len(findings):,} findings, the first {MOST_FINDINGS:,} are told"
    )
    told = inspect(Extraction("", unreadable=(more,)), Means())
    return [*findings[:MOST_FINDINGS], *told]
