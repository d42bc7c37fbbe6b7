"""Lays the tile of one copy over a file: each page of a PDF, document or slide show, the pixels of a picture.

Made to be called in the sandbox with the finished tile, so that the key stays outside: 64 x 64 bits, a 1
for a light chip.  It is laid on last, over visible marks, for copies handed out; it is not taken off again.
"""

# ruff: noqa: ANN401 - the objects of pikepdf and Pillow are dynamic

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Pdf, Rectangle
from PIL import Image, JpegImagePlugin

from shoumi.engine.marking.errors import (
    DamagedError,
    EncryptedError,
    KindUnknownError,
    SignedError,
    TooLargeError,
    UnsupportedFeatureError,
)
from shoumi.engine.marking.segments import jpeg_pairs, jpeg_with, png_with
from shoumi.engine.marking.tiles.embedding import AMPLITUDE, CHIP_PIXELS, embed_tile, overlay_of
from shoumi.engine.marking.tiles.layout import SIDE, layout_of
from shoumi.engine.marking.tiles.over_office import over_office
from shoumi.engine.marking.values import Kind

MOST_PAGES: Final = 5_000
MOST_PIXELS: Final = 80_000_000
OFFICE: Final = frozenset({Kind.DOCX, Kind.PPTX})
LEAST_SIDE: Final = 320  # pixels; in less no whole tile repeats
SMALL_SIDE: Final = 520  # below, finer chips, so that the tile still repeats twice
A4_SHORT_SIDE: Final = 1241  # pixels at 150 to the inch, for which a chip has CHIP_PIXELS
_QUALITY: Final = 92
_SIZES: Final = 200  # sizes of pages in one document; more is no document of ours


def parameters_of(kind: str, copy_id: int, key: bytes) -> dict[str, Any]:
    """Return what `laid` needs besides the content: the tile, and nothing of the key."""
    light = layout_of(key).chips(copy_id) > 0
    return {"kind": kind, "tile": np.packbits(light).tobytes().hex(), "amplitude": AMPLITUDE}


def laid(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return `content` with the tile all over.

    Raises:
        DamagedError, EncryptedError, SignedError, TooLargeError, UnsupportedFeatureError: it bears none.
        KindUnknownError: only pdf, docx, pptx, png and jpeg bear one.
    """
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(parameters["tile"]), dtype=np.uint8))
    tile = bits.reshape(SIDE, SIDE).astype(bool)
    kind, amplitude = parameters["kind"], float(parameters["amplitude"])
    if kind == "pdf":
        return _over_pdf(content, tile, amplitude), {}
    if kind in OFFICE:
        return over_office(content, Kind(kind), tile, amplitude), {}
    if kind in {"png", "jpeg"}:
        return _over_picture(content, kind, tile, amplitude), {}
    raise KindUnknownError(kind=str(kind)[:80])


def chip_for(width: int, height: int) -> int:
    """Return the pixels along a chip: as fine as on a page, coarser on pictures that are shown reduced."""
    short = min(width, height)
    least = CHIP_PIXELS if short >= SMALL_SIDE else CHIP_PIXELS - 1
    return max(least, min(12, round(short * CHIP_PIXELS / A4_SHORT_SIDE)))


def _over_pdf(content: bytes, tile: NDArray[np.bool_], amplitude: float) -> bytes:
    pdf = _opened(content)
    made: dict[tuple[float, float], Any] = {}
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        if page.obj.objgen in seen:
            continue  # one page shown twice
        seen.add(page.obj.objgen)
        box = _box(page)
        size = (round(box.width, 2), round(box.height, 2))
        if size not in made:
            made[size] = _form(pdf, size, tile, amplitude)
        if len(made) > _SIZES:
            raise TooLargeError(what="number of page sizes", limit=_SIZES)
        page.add_overlay(made[size], box)
    stream = io.BytesIO()
    pdf.save(stream, deterministic_id=True, min_version="1.4", fix_metadata_version=False)
    return stream.getvalue()


def _opened(content: bytes) -> Pdf:
    try:
        pdf = Pdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise EncryptedError from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise DamagedError(reason="it is no PDF, or broken beyond repair") from error
    if pdf.is_encrypted:
        raise EncryptedError
    if len(pdf.pages) > MOST_PAGES:
        raise TooLargeError(what="number of pages", limit=MOST_PAGES)
    if "/DocMDP" in pdf.Root.get("/Perms", pikepdf.Dictionary()):
        raise SignedError
    return pdf


def _box(page: Any) -> Rectangle:
    """Return what of a page is shown."""
    try:
        left, bottom, right, top = (float(each) for each in page.cropbox)
    except (TypeError, ValueError, pikepdf.PdfError) as error:
        raise DamagedError(reason="a page has no size") from error
    return Rectangle(min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _form(pdf: Pdf, size: tuple[float, float], tile: NDArray[np.bool_], amplitude: float) -> Any:
    """Return the overlay of one page size as an object of `pdf`, to be drawn on many pages."""
    if not all(1 <= side <= 14_400 for side in size):  # noqa: PLR2004 - the limit of ISO 32000-2, annex C
        raise UnsupportedFeatureError(reason="a page has no usual size")
    overlay = Pdf.open(io.BytesIO(overlay_of(size, tile, amplitude)))
    return pdf.copy_foreign(overlay.pages[0].as_form_xobject())


def _over_picture(content: bytes, kind: str, tile: NDArray[np.bool_], amplitude: float) -> bytes:
    Image.MAX_IMAGE_PIXELS = None  # the limit below is ours, and exact
    try:
        image: Any = Image.open(io.BytesIO(content), formats=["PNG"] if kind == "png" else ["JPEG", "MPO"])
        if image.width * image.height > MOST_PIXELS:
            raise TooLargeError(what="number of pixels", limit=MOST_PIXELS)
        if min(image.size) < LEAST_SIDE:
            raise UnsupportedFeatureError(reason=f"its sides are shorter than {LEAST_SIDE} pixels")
        if kind == "png" and getattr(image, "n_frames", 1) > 1:
            raise UnsupportedFeatureError(reason="it is an animation")
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise DamagedError(reason="the picture cannot be decoded") from error
    if image.mode in {"I", "I;16", "I;16B", "F"}:
        raise UnsupportedFeatureError(reason=f"its colours are kept as {image.mode}")
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    marked = embed_tile(image, tile, amplitude, chip_for(*image.size))
    stream = io.BytesIO()
    if kind == "png":
        marked.save(stream, "PNG")
        return png_with(content, stream.getvalue(), {})
    names = ("icc_profile", "exif", "dpi") if marked.mode == image.mode else ("exif", "dpi")
    keep = {name: image.info[name] for name in names if image.info.get(name)}
    if marked.mode == image.mode:
        sampling = JpegImagePlugin.get_sampling(image)
        keep |= {"qtables": image.quantization, "subsampling": sampling if sampling >= 0 else "4:2:0"}
    else:
        keep |= {"quality": _QUALITY}  # its own tables were for other colours
    marked.save(stream, "JPEG", **keep)
    labels = jpeg_pairs(content)
    return jpeg_with(content, stream.getvalue(), labels) if labels else stream.getvalue()
