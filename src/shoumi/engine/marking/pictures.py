"""Marks in PNG and JPEG: a strip above, a strip below, and the watermark across, all in the pixels.

Sources: PNG (ISO/IEC 15948), JPEG (ISO/IEC 10918-1), EXIF 2.32 (orientation). A picture has no place
apart from its pixels where a mark would be seen, so the mark cannot be taken out again: a picture that
bears another mark is refused, and the caller marks the original anew.  What stands beside the pixels
(profiles, EXIF, texts) stays.  A JPEG is encoded with its own quantisation, so that little is lost.
"""

# ruff: noqa: ANN401 - pictures are handed on as Pillow types them

from __future__ import annotations

import io
import math
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont, JpegImagePlugin

from shoumi.engine.marking.errors import (
    DamagedError,
    MarkTextError,
    OriginalNeededError,
    TooLargeError,
    UnsupportedFeatureError,
)
from shoumi.engine.marking.properties import FINGERPRINT, labels_from, pairs_of
from shoumi.engine.marking.segments import jpeg_pairs, jpeg_with, png_pairs, png_with
from shoumi.engine.marking.values import Form, Kind, Labels, Mark, fingerprint
from shoumi.engine.marking.wording import banner_lines, footer_lines, header_line, watermark_line

MOST_PIXELS: Final = 100_000_000
LEAST_SIDE: Final = 32  # pixels; a smaller picture has no room for words
_RED: Final = (179, 38, 30)
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BACK: Final = {
    Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
}


def mark_picture(content: bytes, kind: Kind, mark: Mark, form: Form) -> bytes:
    """Return `content` with this mark; unchanged if it bears this very mark already.

    Raises:
        OriginalNeededError: it bears another mark of ours.
        DamagedError, TooLargeError, UnsupportedFeatureError: see there.
    """
    held = _pairs(content, kind)
    if held:
        if held.get(FINGERPRINT) == fingerprint(mark, form):
            return content
        raise OriginalNeededError
    image = _opened(content, kind)
    turn = _TURNS.get(_orientation(image))
    seen = _workable(image if turn is None else image.transpose(turn))
    marked = _drawn(seen, mark, form)
    if turn is not None:
        marked = marked.transpose(_BACK.get(turn, turn))
    pairs = pairs_of(mark, form)
    stream = io.BytesIO()
    if kind == Kind.PNG:
        marked.save(stream, "PNG")
        return png_with(content, stream.getvalue(), pairs)
    tables = image.quantization
    sampling = JpegImagePlugin.get_sampling(image)
    marked.save(
        stream, "JPEG", qtables=tables, subsampling=sampling if sampling >= 0 else "4:2:0", icc_profile=None
    )
    return jpeg_with(content, stream.getvalue(), pairs)


def unmark_picture(content: bytes, kind: Kind) -> bytes:
    """Return `content` if it bears no mark.

    Raises:
        OriginalNeededError: it bears one.
    """
    if _pairs(content, kind):
        raise OriginalNeededError
    return content


def read_picture(content: bytes, kind: Kind) -> Labels:
    """Return what the labels beside the pixels say."""
    return labels_from(_pairs(content, kind))


def _pairs(content: bytes, kind: Kind) -> dict[str, str]:
    return png_pairs(content) if kind == Kind.PNG else jpeg_pairs(content)


def _opened(content: bytes, kind: Kind) -> Any:
    """Return the picture, decoded."""
    formats = ["PNG"] if kind == Kind.PNG else ["JPEG", "MPO"]
    Image.MAX_IMAGE_PIXELS = None  # the limit below is ours, and exact
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise TooLargeError(what="number of pixels", limit=MOST_PIXELS)
        if kind == Kind.PNG and getattr(image, "n_frames", 1) > 1:
            raise UnsupportedFeatureError(reason="it is an animation")
        if min(width, height) < LEAST_SIDE:
            raise UnsupportedFeatureError(reason=f"its sides are shorter than {LEAST_SIDE} pixels")
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise DamagedError(reason="the picture cannot be decoded") from error
    return image


def _orientation(image: Any) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (ValueError, TypeError, OSError, SyntaxError):
        return 1  # EXIF that nobody can read turns nothing


def _workable(image: Any) -> Any:
    """Return the picture in a mode in which it can be drawn upon, without loss."""
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in {"1", "L", "RGB"} and "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"I;16", "I;16B"}:
        return image.convert("I")
    return image


def _colour(mode: str, rgb: tuple[int, int, int]) -> Any:
    grey = round(0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2])
    return {
        "L": grey,
        "LA": (grey, 255),
        "I": grey * 257,
        "RGB": rgb,
        "RGBA": (*rgb, 255),
        "CMYK": (*(255 - value for value in rgb), 0),
    }[mode]


def _drawn(image: Any, mark: Mark, form: Form) -> Any:
    """Return the picture with its strips and its watermark."""
    if image.mode not in {"L", "LA", "I", "RGB", "RGBA", "CMYK"}:
        raise UnsupportedFeatureError(reason=f"its colours are kept as {image.mode}")
    above = [header_line(mark)] if form.header else []
    above = banner_lines(mark) if form.banner else above
    below = footer_lines(mark, form) if form.footer else []
    size = max(9, min(60, round(min(image.size) / 45)))
    strips = [_strip(image, lines, form, size) for lines in (above, below)]
    heights = [strip.height if strip else 0 for strip in strips]
    width, height = image.size
    out = Image.new(image.mode, (width, height + sum(heights)), _colour(image.mode, (255, 255, 255)))
    out.paste(image, (0, heights[0]))
    if form.watermark:
        mask = _slanted(image.size, watermark_line(mark, form), form)
        out.paste(_colour(image.mode, (128, 128, 128)), (0, heights[0], width, heights[0] + height), mask)
    for strip, at in zip(strips, (0, heights[0] + height), strict=True):
        if strip:
            out.paste(_colour(image.mode, _RED), (0, at, width, at + strip.height), strip)
    return out.convert("I;16") if image.mode == "I" else out


def _font(form: Form, size: float) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(io.BytesIO(form.typeface), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise MarkTextError(reason="the font is missing or damaged") from error


def _strip(image: Any, lines: list[str], form: Form, size: float) -> Any:
    """Return the mask of lines centred one below the other, or None without lines."""
    if not lines:
        return None
    width = image.width
    font = _font(form, size)
    longest = max(font.getlength(line) for line in lines)
    if longest > width * 0.96:
        size = max(5, size * width * 0.96 / longest)
        font = _font(form, size)
        lines = [piece for line in lines for piece in _broken(line, font, width * 0.96)]
    step = math.ceil(size * 1.4)
    mask = Image.new("L", (width, step * len(lines) + math.ceil(size * 0.6)), 0)
    draw = ImageDraw.Draw(mask)
    for at, line in enumerate(lines):
        x = (width - font.getlength(line)) / 2
        draw.text((x, round(size * 0.3) + step * at), line, font=font, fill=255)
    return mask


def _broken(line: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return `line` in pieces that fit."""
    pieces = [""]
    for letter in line:
        if pieces[-1] and font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _slanted(size: tuple[int, int], text: str, form: Form) -> Any:
    """Return the mask of `text` from corner to corner, a fifth opaque."""
    width, height = size
    diagonal = math.hypot(width, height)
    unit = _font(form, 100).getlength(text) / 100
    letters = max(8.0, min(height / 4, 0.75 * diagonal / unit))
    font = _font(form, letters)
    line = Image.new("L", (math.ceil(font.getlength(text)) + 2, math.ceil(letters * 1.5)), 0)
    ImageDraw.Draw(line).text((1, 0), text, font=font, fill=70)
    turned = line.rotate(math.degrees(math.atan2(height, width)), Image.Resampling.BICUBIC, expand=True)
    mask = Image.new("L", size, 0)
    mask.paste(turned, ((width - turned.width) // 2, (height - turned.height) // 2))
    return mask


def card(mark: Mark, form: Form, size: tuple[int, int]) -> bytes:
    """Return a PNG that opens a film of this size: the four parts and the reminder on black."""
    width, height = size
    letters = max(8, min(width // 24, height // 10))
    image = Image.new("RGB", size, (0, 0, 0))
    strip = _strip(image, banner_lines(mark), form, letters)
    image.paste((255, 255, 255), (0, max(0, (height - strip.height) // 2)), strip)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
