"""Reads how long a video plays, so that it need not be believed of a browser.

Sources: ISO/IEC 14496-12, 4.2 (boxes) and 8.2.2 (`mvhd`).  MP4 and QuickTime only; nothing is decoded.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from shoumi.engine.errors import InputError

_HEAD: Final = 8
_LONG: Final = 1  # a size of 1: the real one follows in 64 bits
_TO_THE_END: Final = 0
_MOST_BOXES: Final = 4096
_LONGEST_MS: Final = 12 * 3600 * 1000
_THOUSAND: Final = 1000


class NotPlayableError(InputError):
    """The file is no MP4 video that says how long it plays."""

    code = "training.not_playable"
    message = "This is no MP4 video that browsers play."


def length_ms(file: BinaryIO, size: int) -> int:
    """Return how long the video in `file` of `size` bytes plays, in milliseconds.

    Raises:
        NotPlayableError: no movie header is found, or it says nothing sensible.
    """
    start, end = _box(file, b"moov", 0, size)
    start, end = _box(file, b"mvhd", start, end)
    file.seek(start)
    head = file.read(min(end - start, 32))
    try:
        if head[:1] == b"\1":
            scale, duration = struct.unpack_from(">IQ", head, 20)
        else:
            scale, duration = struct.unpack_from(">II", head, 12)
    except struct.error:
        raise NotPlayableError from None
    length = duration * _THOUSAND // scale if scale else 0
    if not 0 < length <= _LONGEST_MS:
        raise NotPlayableError
    return length


def _box(file: BinaryIO, wanted: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the content of the first box called `wanted` between `start` and `end` lies."""
    for _each in range(_MOST_BOXES):
        file.seek(start)
        head = file.read(_HEAD)
        if start + _HEAD > end or len(head) < _HEAD:
            break
        size, name = struct.unpack(">I4s", head)
        inside = start + _HEAD
        if size == _LONG:
            long = file.read(_HEAD)
            if len(long) < _HEAD:
                break
            size, inside = struct.unpack(">Q", long)[0], inside + _HEAD
        elif size == _TO_THE_END:
            size = end - start
        if size < inside - start or start + size > end:
            break
        if name == wanted:
            return inside, start + size
        start += size
    raise NotPlayableError
