"""What a worker does with one file of others: extracts it, with the readers that the engine may not have.

SQLite files are read by `databases`, letters in pictures by `letters` where OCR was asked for.  The answer is
JSON: parts, closed doors and the sizes of pictures.  Inspecting is the caller's function, which calls
`extraction_of` in the same worker, so that text does not cross the pipe.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from shoumi.engine.inspection.extract import ExtractLimits, extract
from shoumi.engine.inspection.values import Extraction


def extraction_of(content: bytes, name: str = "", limits: ExtractLimits | None = None) -> Extraction:
    """Return all that `content` gives away."""
    return extract(content, name, limits)


def read_file(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Extract `content`; parameters: `name`, `limits` (fields of `ExtractLimits`).

    The content of the answer is JSON with `parts`, `unreadable` and `pictures` (without their bytes).
    """
    limits = ExtractLimits(**parameters.get("limits", {}))
    found = extraction_of(content, str(parameters.get("name", "")), limits)
    told = {
        "parts": [asdict(part) for part in found.parts],
        "unreadable": [asdict(each) for each in found.unreadable],
        "pictures": [[each.member, each.label, len(each.content)] for each in found.pictures],
    }
    return json.dumps(told, ensure_ascii=False).encode(), {"type": found.type}
