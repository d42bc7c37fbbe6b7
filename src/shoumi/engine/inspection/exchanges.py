"""What an exchanged original says of itself: the head of a mail, or the first and last time of a chat.

Sources: RFC 5322 for heads; exports of chats have no standard, so that only their times are looked for.
Pure: made to be called in the sandbox.  Nothing is recognised or judged here.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from shoumi.engine.inspection.extract import extract

HEADS: Final = ("From", "To", "Cc", "Date", "Subject", "Message-Id")
_MOMENT: Final = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]+\d{1,2}:\d{2}(?::\d{2})?")
_LONGEST: Final = 300  # letters of one fact


def heads_of(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return as JSON what `content` says of itself; parameters: `name`, which helps to tell its kind."""
    found = extract(content, str(parameters.get("name", "")))
    lines = [line for part in found.parts if not part.member for line in part.text.splitlines()]
    facts: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(": ")
        if colon and name.title() in HEADS:
            facts.setdefault(name.title(), value.strip()[:_LONGEST])
    moments = _MOMENT.findall("\n".join(lines))
    if "From" not in facts and moments:
        facts = {"First": moments[0], "Last": moments[-1]}
    return json.dumps(facts, ensure_ascii=False).encode(), {"type": found.type}
