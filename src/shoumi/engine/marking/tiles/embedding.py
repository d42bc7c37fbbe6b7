"""Lays the tile over pictures and makes the overlay for pages of a PDF.

Every chip is a square of black or white laid over the page, so faint that it moves the grey level by at most
twice the amplitude: on white the white chips vanish, on black the black ones, the difference stays the same.
Measured in `docs/formats/traceable-copy.md`.  Files are read and written by the callers.
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoumi.engine.marking.tiles.layout import SIDE, layout_of

AMPLITUDE: Final = 2.0  # grey levels of 256, half the difference between a light and a dark chip
CHIP_PIXELS: Final = 3  # at 150 pixels to the inch
CHIP_POINTS: Final = CHIP_PIXELS * 72 / 150

_WHITE: Final = 255.0


def embed(
    image: Image.Image, copy_id: int, key: bytes, amplitude: float = AMPLITUDE, chip: int = CHIP_PIXELS
) -> Image.Image:
    """Return a copy of `image` that carries the tile all over, in the same mode (L, LA, RGB or RGBA).

    Any other mode becomes RGB.  An alpha channel is kept as it is.

    Raises:
        ValueError: the amplitude or the chip size makes no sense, or the id or key does not fit.
    """
    if not 0 < amplitude <= 16 or not 1 <= chip <= 64:  # noqa: PLR2004 - beyond these it is no longer a faint mark
        raise ValueError("amplitude is above 0 and at most 16, chip 1 to 64 pixels")
    return embed_tile(image, layout_of(key).chips(copy_id) > 0, amplitude, chip)


def embed_tile(image: Image.Image, tile: NDArray[np.bool_], amplitude: float, chip: int) -> Image.Image:
    """Return the same for a tile that is at hand, true where a chip is light."""
    if image.mode not in {"L", "LA", "RGB", "RGBA"}:
        image = image.convert("RGB")
    light = _spread(tile, image.height, image.width, chip)
    share = 2 * amplitude / _WHITE
    pixels = np.array(image)
    colours = pixels if pixels.ndim == 2 else pixels[..., : 3 if pixels.shape[2] > 2 else 1]  # noqa: PLR2004
    veil = np.where(light, np.float32(_WHITE * share), np.float32(0))
    if colours.ndim > veil.ndim:
        veil = veil[..., None]
    colours[...] = np.rint(colours * np.float32(1 - share) + veil)
    return Image.fromarray(pixels, image.mode)


def veil(copy_id: int, key: bytes, amplitude: float = AMPLITUDE, chip: int = CHIP_PIXELS) -> Image.Image:
    """Return one tile as a transparent picture, to be repeated over anything that is shown."""
    return veil_of(layout_of(key).chips(copy_id) > 0, amplitude, (SIDE * chip, SIDE * chip), chip)


def veil_of(tile: NDArray[np.bool_], amplitude: float, size: tuple[int, int], chip: int) -> Image.Image:
    """Return a transparent picture of `size` in pixels with a tile that is at hand all over."""
    light = _spread(tile, size[1], size[0], chip)
    pixels = np.zeros((*light.shape, 2), dtype=np.uint8)
    pixels[..., 0] = light * 255
    pixels[..., 1] = round(2 * amplitude)
    return Image.fromarray(pixels, "LA")


def pdf_overlay(
    size: tuple[float, float],
    copy_id: int,
    key: bytes,
    amplitude: float = AMPLITUDE,
    chip: float = CHIP_POINTS,
) -> bytes:
    """Return a PDF of one page of `size` (width, height in points) with nothing on it but the faint tile.

    It is meant to be laid over the pages of another document; one bit for each chip, one constant alpha.
    """
    return overlay_of(size, layout_of(key).chips(copy_id) > 0, amplitude, chip)


def overlay_of(
    size: tuple[float, float], tile: NDArray[np.bool_], amplitude: float, chip: float = CHIP_POINTS
) -> bytes:
    """Return the same for a tile that is at hand, true where a chip is light."""
    width, height = size
    columns, rows = max(1, round(width / chip + 0.5)), max(1, round(height / chip + 0.5))
    light = _spread(tile, rows, columns, 1)
    picture = zlib.compress(np.packbits(light, axis=1).tobytes(), 9)
    wide, high = columns * chip, rows * chip
    drawing = (
        f"q /Faint gs 0 0 {width:.3f} {height:.3f} re W n "
        f"{wide:.3f} 0 0 {high:.3f} 0 {height - high:.3f} cm /Tile Do Q"
    ).encode()
    alpha = 2 * amplitude / _WHITE
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] /Contents 4 0 R "
        f"/Resources << /ExtGState << /Faint << /ca {alpha:.6f} /BM /Normal >> >> "
        "/XObject << /Tile 5 0 R >> >> >>".encode(),
        _stream(b"", drawing),
        _stream(
            f"/Type /XObject /Subtype /Image /Width {columns} /Height {rows} /ColorSpace /DeviceGray "
            "/BitsPerComponent 1 /Interpolate false /Filter /FlateDecode ".encode(),
            picture,
        ),
    )


def _spread(tile: NDArray[np.bool_], height: int, width: int, chip: int) -> NDArray[np.bool_]:
    """Repeat a tile of chips over a field of pixels."""
    rows, columns = np.arange(height) // chip % SIDE, np.arange(width) // chip % SIDE
    spread: NDArray[np.bool_] = tile[rows[:, None], columns[None, :]]
    return spread


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _pdf(*objects: bytes) -> bytes:
    """Write numbered objects as a PDF file (ISO 32000-1, 7.5)."""
    written, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    start = len(written) - len(table) - len(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(written)
