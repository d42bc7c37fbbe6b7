"""Chunks of PNG and segments of JPEG: what a picture carries beside its pixels is kept byte for byte.

Sources: PNG (ISO/IEC 15948, 5.3, 11.3), JPEG (ISO/IEC 10918-1, B.1.1), XMP part 3 (1.1.3 for JPEG).
Pixels are encoded by Pillow; here its output and the original's other chunks are put together.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from shoumi.engine.marking.errors import DamagedError
from shoumi.engine.marking.properties import PREFIX
from shoumi.engine.marking.xmp import packet_with, pairs_in

PNG: Final = b"\x89PNG\r\n\x1a\n"
_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_OF_THE_COLOUR: Final = frozenset({b"bKGD", b"hIST", b"sBIT"})  # mean nothing under another colour type
_APP1: Final = 0xE1
_APP2: Final = 0xE2
_FILLING: Final = 0xFF
_BESIDE_FRAMES: Final = frozenset({0xFE, *range(0xE0, 0xF0)})  # COM and APP0 to APP15
_ADOBE: Final = 0xEE  # says how the colours are encoded: that of the encoder holds
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_MPF: Final = b"MPF\0"  # points to further pictures behind this one
_LONGEST: Final = 65_533


def png_with(original: bytes, encoded: bytes, pairs: dict[str, str]) -> bytes:
    """Return the picture of `encoded` with the other chunks of `original`, and `pairs` as text."""
    new = list(chunks_of(encoded))
    colour = dict(new)[b"IHDR"][9]
    old = list(chunks_of(original))
    same = old[0][1][9:10] == bytes([colour])
    kept = [(t, d) for t, d in old if t not in _PIXELS and (same or t not in _OF_THE_COLOUR)]
    split = [t for t, _ in old].index(b"IDAT")
    before = [(t, d) for t, d in old[:split] if (t, d) in kept]
    after = [(t, d) for t, d in old[split:] if (t, d) in kept]
    early = [item for item in before if item[0] not in {b"bKGD", b"hIST"}]
    late = [item for item in before if item[0] in {b"bKGD", b"hIST"}]
    ours = [(b"iTXt", key.encode() + b"\0\0\0\0\0" + value.encode()) for key, value in pairs.items()]
    head = [item for item in new if item[0] == b"IHDR"]
    palette = [item for item in new if item[0] in {b"PLTE", b"tRNS"}]
    pixels = [item for item in new if item[0] == b"IDAT"]
    order = [*head, *early, *palette, *late, *ours, *pixels, *after, (b"IEND", b"")]
    return PNG + b"".join(_chunk(type_, data) for type_, data in order)


def chunks_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and data of each chunk of a PNG.

    Raises:
        DamagedError: cut, or a checksum does not hold.
    """
    at = len(PNG)
    if not data.startswith(PNG + b"\0\0\0\rIHDR"):
        raise DamagedError(reason="it is no PNG")
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        type_, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        crc = data[at + 8 + length : at + 12 + length]
        if len(body) < length or crc != zlib.crc32(type_ + body).to_bytes(4, "big"):
            raise DamagedError(reason="a chunk of the PNG is broken")
        yield type_, body
        if type_ == b"IEND":
            return
        at += 12 + length
    raise DamagedError(reason="the PNG is cut")


def png_pairs(data: bytes) -> dict[str, str]:
    """Return the texts of a PNG that bear our names."""
    found = {}
    for type_, body in chunks_of(data):
        key, _, rest = body.partition(b"\0")
        if type_ == b"iTXt" and key.startswith(PREFIX.encode()) and rest[:4] == b"\0\0\0\0":
            found[key.decode("latin-1")] = rest[4:].decode(errors="replace")
    return found


def _chunk(type_: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + type_ + data + zlib.crc32(type_ + data).to_bytes(4, "big")


def jpeg_with(original: bytes, encoded: bytes, pairs: dict[str, str]) -> bytes:
    """Return the picture of `encoded` with the other segments of `original`, and `pairs` in XMP."""
    kept, packet = [], b""
    for marker, body in segments_of(original):
        if marker == _APP1 and body.startswith(_XMP):
            packet = body[len(_XMP) :]
        elif marker != _ADOBE and not (marker == _APP2 and body.startswith(_MPF)):
            kept.append((marker, body))
    with_ours = _XMP + packet_with(packet, pairs)
    if len(with_ours) > _LONGEST:
        with_ours = _XMP + packet_with(b"", pairs)
    kept.append((0xE1, with_ours))
    own = [(marker, body) for marker, body in segments_of(encoded) if marker == _ADOBE]
    head = b"".join(b"\xff%c%s%s" % (m, (len(b) + 2).to_bytes(2, "big"), b) for m, b in [*kept, *own])
    return b"\xff\xd8" + head + encoded[_first_of_the_frame(encoded) :]


def segments_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the APPn and comment segments that stand before the frame of a JPEG.

    Raises:
        DamagedError: cut.
    """
    for at, marker, length in _walk(data):
        if marker in _BESIDE_FRAMES:
            yield marker, data[at + 4 : at + 2 + length]


def jpeg_pairs(data: bytes) -> dict[str, str]:
    """Return what our XMP in a JPEG says."""
    for marker, body in segments_of(data):
        if marker == _APP1 and body.startswith(_XMP):
            return pairs_in(body[len(_XMP) :])
    return {}


def _first_of_the_frame(data: bytes) -> int:
    return next(at for at, marker, _length in _walk(data) if marker not in _BESIDE_FRAMES)


def _walk(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield place, marker and length of the segments up to the first scan."""
    if not data.startswith(b"\xff\xd8"):
        raise DamagedError(reason="it is no JPEG")
    at = 2
    while at + 4 <= len(data):
        if data[at] != _FILLING:
            break
        marker = data[at + 1]
        if marker == _FILLING:  # filling
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield at, marker, length
        if marker in {0xDA, 0xD9}:
            return
        at += 2 + length
    raise DamagedError(reason="the JPEG is cut")
