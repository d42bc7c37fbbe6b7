"""Perceptual hashes of pictures: near each other for a picture and its recompressed or resized copy.

Source: the DCT hash as described by Zauner (2010), section 3.2: low frequencies of a small grey picture, each
compared with their median.  Here 64 frequencies of the whole picture and 64 more, so that 128 bits decide.
A picture without structure, such as a blank or one-coloured one, has no hash.  Rotated, mirrored or heavily
cropped copies are not found.
"""

from __future__ import annotations

import io
import warnings
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE: Final = 64  # pixels of the small grey picture
_LOW: Final = 12  # frequencies in each direction
BITS: Final = 128
DISTANCE: Final = 20  # bits that may differ
_SMALLEST: Final = 48  # pixels: icons and bullets are no pictures
_MOST_PIXELS: Final = 100_000_000
_FLAT: Final = 4.0  # standard deviation of grey below which there is nothing to compare

Words = tuple[int, int]


def picture_hash(content: bytes) -> Words | None:
    """Return 128 bits of a picture as two words; None if it cannot be read or shows nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as image:
                if min(image.size) < _SMALLEST or image.width * image.height > _MOST_PIXELS:
                    return None
                image.draft("L", (4 * SIDE, 4 * SIDE))
                grey = _grey(image).resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=3.0)
    except Exception:  # noqa: BLE001 - Pillow raises whatever its readers raise on foreign bytes
        return None
    pixels = np.asarray(grey, np.float64)
    if pixels.std() < _FLAT:
        return None
    waves = _waves()
    low = (waves @ pixels @ waves.T)[_ZIGZAG[0], _ZIGZAG[1]]
    bits = np.packbits(low > np.median(low)).tobytes()
    return int.from_bytes(bits[:8], "big"), int.from_bytes(bits[8:], "big")


def _grey(image: Image.Image) -> Image.Image:
    """Return a grey picture; what is transparent is white, as on paper."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        image = Image.alpha_composite(paper, layered)
    return image.convert("L")


@cache
def _waves() -> npt.NDArray[np.float64]:
    frequency, place = np.arange(_LOW)[:, None], np.arange(SIDE)[None, :]
    return np.cos(np.pi * frequency * (2 * place + 1) / (2 * SIDE))


def _zigzag() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return rows and columns of the lowest frequencies, without the mean."""
    pairs = sorted(
        ((row, column) for row in range(_LOW) for column in range(_LOW) if row + column),
        key=lambda pair: (pair[0] + pair[1], pair),
    )[:BITS]
    rows, columns = zip(*pairs, strict=True)
    return np.array(rows), np.array(columns)


_ZIGZAG: Final = _zigzag()


def apart(one: npt.NDArray[np.uint64], other: Words) -> npt.NDArray[np.uint8]:
    """Return in how many bits each row of `one` (two words each) differs from `other`."""
    bits: npt.NDArray[np.uint8] = np.bitwise_count(one ^ np.array(other, np.uint64)).sum(
        axis=1, dtype=np.uint8
    )
    return bits
