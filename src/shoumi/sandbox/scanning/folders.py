"""Reads folders of documents for an index of fingerprints: in workers, and only what is new since last time.

A document's id is its path below the folder and the beginning of its hash, so that a file that was changed is
another document and one that is unchanged need not be read.  Text and pictures do cross the pipe here: the
index is made by the caller, who has the key.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from shoumi.engine.inspection.fingerprint import Document
from shoumi.engine.inspection.values import Part, PartKind, Picture
from shoumi.sandbox.reading import extraction_of
from shoumi.sandbox.scanning.walking import Skips, shown, walk
from shoumi.sandbox.workers import Pool, Task

_HASH_DIGITS: Final = 16
_READ: Final = "shoumi.sandbox.scanning.folders:read_document"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, or not wholly."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that the index has already."""

    id: str


def documents_of(
    folder: Path, known: Collection[str], *, secret: str, level: str, jobs: int = 1
) -> Iterator[Document | Kept | Refused]:
    """Yield a document for each file below `folder`, or that it is known, or why it could not be read."""
    ids: dict[str, list[str]] = {}
    for identity in known:
        ids.setdefault(identity.rpartition("@")[0], []).append(identity)
    tasks = []
    for candidate in walk([folder], Skips()):
        below = shown(candidate.path.relative_to(folder)) if candidate.path != folder else candidate.name
        if candidate.refused:
            yield Refused(candidate.shown, candidate.refused)
        else:
            tasks.append(Task(_READ, candidate.path, {"below": below, "known": ids.get(below, [])}, below))
    with Pool(jobs) as pool:
        for result in pool.run(tasks):
            below = str(result.task.key)
            if result.answer is None:
                reason = result.unreadable.reason if result.unreadable else ""
                yield Refused(below, str(reason))
                continue
            identity = str(result.answer.facts["id"])
            if result.answer.facts["known"]:
                yield Kept(identity)
                continue
            told = json.loads(result.answer.content)
            parts = [Part(**{**part, "kind": PartKind(part["kind"])}) for part in told["parts"]]
            pictures = [Picture(base64.b64decode(content), *at) for content, *at in told["pictures"]]
            yield Document(identity, secret, below, parts, pictures, level)
            for reason, member in told["closed"]:
                yield Refused(f"{below}!/{member}" if member else below, reason)


def read_document(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Extract `content`; parameters: `below` (its path), `known` (ids that need not be read)."""
    below = str(parameters["below"])
    identity = f"{below}@{hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]}"
    if identity in parameters["known"]:
        return b"", {"id": identity, "known": True}
    found = extraction_of(content, Path(below).name)
    told = {
        "parts": [asdict(part) for part in found.parts if part.kind != PartKind.NAME],
        "pictures": [
            [base64.b64encode(each.content).decode(), each.label, each.member] for each in found.pictures
        ],
        "closed": [[each.reason, each.member] for each in found.unreadable],
    }
    return json.dumps(told).encode(), {"id": identity, "known": False}
