"""The bytes between parent and child: a length, that much JSON, then the content until the stream ends.

JSON on purpose: whatever a child that was taken over sends, reading it runs nothing.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO, Final

HEAD_MOST: Final = 1 << 20  # bytes of JSON, either way


class FrameError(Exception):
    """The bytes are no frame; the caller says what that means."""


def head_bytes(head: dict[str, Any]) -> bytes:
    """Return `head` as JSON behind its length in four bytes."""
    text = json.dumps(head, ensure_ascii=False).encode()
    if len(text) > HEAD_MOST:
        raise FrameError("the head is too long")
    return len(text).to_bytes(4, "big") + text


def read_head(stream: BinaryIO) -> dict[str, Any]:
    """Return the head at the beginning of `stream`, which then stands at the content.

    Raises:
        FrameError: cut, too long, or not a JSON object.
    """
    size = stream.read(4)
    length = int.from_bytes(size, "big")
    if len(size) != 4 or length > HEAD_MOST:  # noqa: PLR2004 - the four bytes of the length
        raise FrameError("no length")
    text = stream.read(length)
    try:
        head = json.loads(text)
    except ValueError as error:
        raise FrameError("no JSON") from error
    if len(text) != length or not isinstance(head, dict):
        raise FrameError("no JSON object")
    return head
