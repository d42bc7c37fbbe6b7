"""Turns a foreign picture into grey levels, with limits, so that the search meets plain numbers only.

The only place of this package that parses other people's bytes; made to be called in the sandbox:
`(content, parameters) -> (grey levels row by row, facts)`.  PNG, JPEG and WebP; first picture of several.
"""

from __future__ import annotations

import io
import warnings
from typing import Any, Final

import numpy as np
from PIL import Image

from shoumi.engine.errors import InputError
from shoumi.engine.marking.tiles.residual import Grey

MOST_BYTES: Final = 100 * 1024 * 1024
MOST_PIXELS: Final = 120_000_000  # a page at 1200 dpi, or the largest telephones
SEARCHED_PIXELS: Final = 4_500_000  # a greater picture is reduced by a whole factor
FORMATS: Final = ("PNG", "JPEG", "WEBP")


class PictureUnreadableError(InputError):
    """The bytes are no picture that can be read."""

    code = "input.picture_unreadable"
    message = "The file is not a PNG, JPEG or WebP picture that can be read."


class PictureTooLargeError(InputError):
    """The picture has more bytes or pixels than are looked at."""

    code = "input.picture_too_large"
    message = "The picture is too large: at most {megapixels} million pixels and {megabytes} MB are read."


def grey_bytes(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:  # noqa: ARG001 - the sandbox's form
    """Return the grey levels of a picture row by row, and its `width`, `height` and `factor` of reduction.

    Raises:
        PictureUnreadableError, PictureTooLargeError: see there.
    """
    grey, factor = grey_of(open_picture(content))
    return grey.astype(np.uint8).tobytes(), {
        "width": grey.shape[1],
        "height": grey.shape[0],
        "factor": factor,
    }


def open_picture(content: bytes) -> Image.Image:
    """Return the picture in `content`, its size checked before a pixel is decoded.

    Raises:
        PictureUnreadableError, PictureTooLargeError: see there.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit warns; ours refuses
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            fits = image.width * image.height <= MOST_PIXELS
            if fits:
                image.load()
    except Image.DecompressionBombError as error:
        raise too_large() from error
    except Exception as error:  # Pillow's readers raise whatever their format's code meets
        raise PictureUnreadableError from error
    if not fits:
        raise too_large()
    return image


def grey_of(image: Image.Image) -> tuple[Grey, int]:
    """Return the grey levels, what is transparent as white, and the factor by which they are reduced."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        page = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(page, image.convert("RGBA"))
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    image = image.convert("L")
    factor = 1
    while image.width * image.height > SEARCHED_PIXELS * factor * factor:
        factor += 1
    if factor > 1:
        image = image.reduce(factor)
    return np.asarray(image, dtype=np.float32), factor


def grey_array(levels: bytes, width: int, height: int) -> Grey:
    """Return rows of grey levels, as `grey_bytes` gave them, as numbers.

    Raises:
        PictureUnreadableError: they are not `width` times `height` levels.
    """
    if width < 1 or height < 1 or width * height != len(levels):
        raise PictureUnreadableError
    return np.frombuffer(levels, dtype=np.uint8).reshape(height, width).astype(np.float32)


def too_large() -> PictureTooLargeError:
    """Return the error that names both limits."""
    return PictureTooLargeError(megapixels=MOST_PIXELS // 1_000_000, megabytes=MOST_BYTES // (1024 * 1024))
