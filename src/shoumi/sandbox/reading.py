"""What a worker does with one file of others: extracts it, with the readers that the engine may not have.

SQLite files are read by `databases`, letters in pictures by `letters` where OCR was asked for.  The answer is
JSON: parts, closed doors and the sizes of pictures.  Inspecting is the caller's function, which calls
`extraction_of` in the same worker, so that text does not cross the pipe.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from shoumi.engine.inspection.extract import ExtractLimits, Outside, extract
from shoumi.engine.inspection.extract.kinds import SQLITE
from shoumi.engine.inspection.values import Extraction
from shoumi.sandbox.databases import read_database
from shoumi.sandbox.letters import Letters

_READERS: Final = {SQLITE: read_database}


def extraction_of(
    content: bytes, name: str = "", limits: ExtractLimits | None = None, ocr: Sequence[str] = ()
) -> Extraction:
    """Return all that `content` gives away, with the letters in its pictures if `ocr` names languages."""
    look = Letters(tuple(ocr)) if ocr else None
    return extract(content, name, limits, Outside(_READERS, look))


def read_file(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Extract `content`; parameters: `name`, `limits` (fields of `ExtractLimits`), `ocr` (languages).

    The content of the answer is JSON with `parts`, `unreadable` and `pictures` (without their bytes).
    """
    limits = ExtractLimits(**parameters.get("limits", {}))
    found = extraction_of(content, str(parameters.get("name", "")), limits, parameters.get("ocr", ()))
    told = {
        "parts": [asdict(part) for part in found.parts],
        "unreadable": [asdict(each) for each in found.unreadable],
        "pictures": [[each.member, each.label, len(each.content)] for each in found.pictures],
    }
    return json.dumps(told, ensure_ascii=False).encode(), {"type": found.type}
