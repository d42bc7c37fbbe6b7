"""Reads stored files for an index: decrypted here, taken apart in the sandbox, never written to the disk."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from shoumi.engine.errors import ShoumiError
from shoumi.engine.inspection.fingerprint import Document
from shoumi.engine.inspection.matching.folding import fold
from shoumi.engine.inspection.values import Part, PartKind, Picture, Reason
from shoumi.sandbox.workers import Pool, Result, Task
from shoumi.server.documents.models.indexes import document_id
from shoumi.server.files.services import file_open
from shoumi.server.register.models import SecretFile

READ: Final = "shoumi.sandbox.scanning.folders:read_document"
EMPTY: Final = "empty"  # why a file without text and pictures cannot be recognised
SHORT: Final = "short"  # and one with less text than an excerpt must have
LEAST_UNITS: Final = 30  # letters of the shortest excerpt that is found for certain


@dataclass(frozen=True, slots=True)
class Read:
    """What a file of a secret gave away, or why nothing."""

    held: SecretFile
    document: Document | None
    reason: str = ""  # a `Reason` of inspection, `EMPTY` or `SHORT`; with a document: why it is not whole


def files_read(rows: Iterable[SecretFile]) -> Iterator[Read]:
    """Yield what each file gave away; one that costs its worker costs itself."""
    refused: list[Read] = []
    with Pool(1) as pool:
        most = pool.limits.read_bytes

        def tasks() -> Iterator[Task]:
            for held in rows:
                if held.file.size_bytes > most:
                    refused.append(Read(held, None, Reason.TOO_LARGE))
                    continue
                try:
                    with file_open(held.file) as reader:
                        content = reader.read()
                except ShoumiError:
                    refused.append(Read(held, None, Reason.DAMAGED))
                    continue
                yield Task(READ, content, {"below": held.file.name, "known": []}, held)

        for result in pool.run(tasks(), ahead=1):
            yield from refused
            refused.clear()
            yield _read(result)
    yield from refused


def _read(result: Result) -> Read:
    held: Any = result.task.key
    if result.answer is None:
        return Read(held, None, result.unreadable.reason if result.unreadable else Reason.CRASHED)
    told = json.loads(result.answer.content)
    parts = [Part(**{**part, "kind": PartKind(part["kind"])}) for part in told["parts"]]
    pictures = [Picture(base64.b64decode(content), *at) for content, *at in told["pictures"]]
    closed = next((reason for reason, _member in told["closed"]), "")
    units = sum(len(fold(part.text)[0]) for part in parts)
    if not pictures and units < LEAST_UNITS:
        return Read(held, None, closed or (SHORT if units else EMPTY))
    secret = held.secret
    document = Document(
        document_id(secret.pk, held.file_id),
        secret.number or "",
        held.file.name,
        parts,
        pictures,
        secret.level,
    )
    return Read(held, document, closed)
