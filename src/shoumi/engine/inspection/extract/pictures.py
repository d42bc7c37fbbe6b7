"""Whether a picture that nobody looks into could be opened at all: what is broken is told, not passed over.

Sources: the signatures and checksums of PNG (ISO/IEC 15948), the end marker of JPEG (ITU-T T.81, B.1.1.3),
the blocks of GIF89a (17 to 27), the rows that the header of a BMP promises, directories, strips and tiles of
TIFF 6.0 (section 2) and BigTIFF, the length of RIFF in WebP (RFC 9649, 2.4).  Pixels are not decoded: that
costs more than reading the file, and finds nothing.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.values import Reason

READ: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
}
_JPEG_END: Final = b"\xff\xd9"
_GIF_IMAGE, _GIF_MORE, _GIF_END = 0x2C, 0x21, 0x3B  # what begins a block
_GIF_STRAY: Final = 1 << 12  # bytes between blocks that viewers pass over
_BMP_PLAIN: Final = (0, 3, 6)  # compressions: none, and masks of bits
_BMP_OLD: Final = 12  # bytes of the header of OS/2
_TIFF_PLACES: Final = ((273, 279), (324, 325))  # tags of strips and tiles: where they begin, how long
_TIFF_SIZES: Final = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}  # else 1
_BIG_TIFF: Final = 43
_PAGES_MOST: Final = 1_000  # of a TIFF that are looked at
_ENTRIES_MOST: Final = 1 << 16  # of one directory


def check_picture(kind: str, content: bytes) -> None:
    """Do nothing for a picture that opens.

    Raises:
        ClosedError: nobody here reads pictures of this type, or this one is broken or cut.
    """
    if kind not in READ:
        raise ClosedError(Reason.UNKNOWN, f"no reader for {kind}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a size that would only be dear to decode
            with Image.open(io.BytesIO(content), formats=(READ[kind],)) as picture:
                picture.verify()
    except Image.DecompressionBombError as error:
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0)  # so Pillow refuses
        raise ClosedError(Reason.TOO_LARGE, f"a picture of more than {most} pixels") from error
    except Exception as error:  # Pillow raises whatever its readers raise on foreign bytes
        raise ClosedError(Reason.DAMAGED, "a picture that cannot be opened") from error
    if not _IS_WHOLE.get(kind, _anything)(content):
        raise ClosedError(Reason.DAMAGED, "a picture that is cut off")


def _anything(_content: bytes) -> bool:
    return True


def _jpeg_is_whole(content: bytes) -> bool:
    return _JPEG_END in content


def _gif_is_whole(content: bytes) -> bool:
    """Whether block follows block up to the one that ends the file; that may be missing behind an image."""
    at, stray, images = 13 + _colours(content[10]), 0, 0
    while at < len(content) and stray <= _GIF_STRAY:
        begins = content[at]
        at += 1
        if begins == _GIF_END:
            return True
        if begins == _GIF_IMAGE:
            if at + 8 >= len(content):
                return False
            at += 10 + _colours(content[at + 8])
            images += 1
        elif begins == _GIF_MORE:
            at += 1
        else:
            stray += 1
            continue
        while at < len(content) and content[at]:
            at += content[at] + 1
        at += 1
    return images > 0 and at == len(content)


def _colours(flags: int) -> int:
    """Return how many bytes the table of colours takes that follows these flags."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _bmp_is_whole(content: bytes) -> bool:
    """Whether as many bytes are there as the rows take, or as the header says that they take compressed."""
    begin, size = struct.unpack_from("<II", content, 10)
    if size == _BMP_OLD:
        width, height, _planes, bits = struct.unpack_from("<HHHH", content, 18)
        compression = length = 0
    else:
        width, height, _planes, bits, compression, length = struct.unpack_from("<iiHHII", content, 18)
    if compression in _BMP_PLAIN:
        row = (width * bits + 7) // 8
        length = (abs(height) - 1) * (
            (row + 3) // 4 * 4
        ) + row  # the last one may go without what fills it up
    return bool(begin + length <= len(content))


def _tiff_is_whole(content: bytes) -> bool:
    """Whether every directory, and every strip and tile of every page, lies within the file."""
    try:
        return all(end <= len(content) for end in _tiff_ends(content))
    except (struct.error, ValueError, OverflowError):  # a directory that leads nowhere
        return False


def _tiff_ends(content: bytes) -> Iterator[int]:
    """Yield where each thing ends that a directory speaks of.

    Raises:
        struct.error, ValueError, OverflowError: a directory does not lie in the file.
    """
    order = "<" if content[:2] == b"II" else ">"
    big = struct.unpack_from(f"{order}H", content, 2) == (_BIG_TIFF,)
    count, place, width = ("Q", "Q", 8) if big else ("H", "I", 4)
    (at,) = struct.unpack_from(order + place, content, 8 if big else 4)
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _PAGES_MOST:
        seen.add(at)
        (entries,) = struct.unpack_from(order + count, content, at)
        at += struct.calcsize(count)
        values: dict[int, NDArray[np.uint64]] = {}
        for _entry in range(min(entries, _ENTRIES_MOST)):
            tag, kind, amount, inside = struct.unpack_from(f"{order}HH{place}{place}", content, at)
            size = _TIFF_SIZES.get(kind, 1)
            begin = inside if amount * size > width else at + 4 + width
            yield begin + amount * size
            if any(tag in pair for pair in _TIFF_PLACES) and size in {2, 4, 8}:
                values[tag] = np.frombuffer(content, f"{order}u{size}", amount, begin).astype(np.uint64)
            at += 4 + 2 * width
        for begins, lengths in _TIFF_PLACES:
            if begins in values and lengths in values:
                several = min(len(values[begins]), len(values[lengths]))
                ends = values[begins][:several] + values[lengths][:several]
                yield int(ends.max(initial=0))
        (at,) = struct.unpack_from(order + place, content, at)


def _webp_is_whole(content: bytes) -> bool:
    """Whether as many bytes are there as the head says; one that fills up may be missing."""
    (length,) = struct.unpack_from("<I", content, 4)
    return len(content) >= 8 + int(length) - 1


_IS_WHOLE: Final[dict[str, Callable[[bytes], bool]]] = {
    "image/jpeg": _jpeg_is_whole,
    "image/gif": _gif_is_whole,
    "image/bmp": _bmp_is_whole,
    "image/tiff": _tiff_is_whole,
    "image/webp": _webp_is_whole,
}
