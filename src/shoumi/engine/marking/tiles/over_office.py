"""Lays the tile of one copy over office files: behind the text of every page, over every slide.

Sources: ECMA-376 part 1, 17.10 (headers, which Word and LibreOffice repeat on every page), 19.3 (slides) and
20.1 (pictures); part 4, 14.1 (VML).  The tile is a transparent picture as large as the page, so that what is
shown, printed or exported as PDF bears it; who deletes the picture has taken it off.  Workbooks bear none: a
spreadsheet shows no page on the screen, and its printed header reaches only the header's own height.
"""

from __future__ import annotations

import io
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoumi.engine.marking.documents import furnish_headers, page_sizes
from shoumi.engine.marking.errors import TooLargeError, UnsupportedFeatureError
from shoumi.engine.marking.office import opened
from shoumi.engine.marking.package import Package
from shoumi.engine.marking.slides import picture_add, slide_size, slides_of
from shoumi.engine.marking.tags import tags
from shoumi.engine.marking.tiles.embedding import CHIP_PIXELS, veil_of
from shoumi.engine.marking.values import Kind

PIXELS_PER_INCH: Final = 150
MOST_INCHES: Final = 60
_TWIPS, _EMU = 1440, 914_400  # to the inch
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_PNG: Final = "image/png"


def over_office(content: bytes, kind: Kind, tile: NDArray[np.bool_], amplitude: float) -> bytes:
    """Return a document or presentation that shows the tile on every page or slide.

    Raises:
        DamagedError, EncryptedError, TooLargeError, UnsupportedFeatureError: it bears none.
    """
    package, main = opened(content, kind)
    if kind is Kind.DOCX:
        _over_document(package, main, tile, amplitude)
    else:
        _over_presentation(package, main, tile, amplitude)
    return package.bytes()


def _over_document(package: Package, main: str, tile: NDArray[np.bool_], amplitude: float) -> None:
    width, height = (side / _TWIPS for side in page_sizes(package.read(main)))
    part = _picture(package, "word/media", (width, height), tile, amplitude)
    key = _free_key(package)
    headers = furnish_headers(package, main, lambda space: _paragraph(space, key, width, height))
    for name in headers:
        package.relate(name, key, _IMAGE, part)


def _over_presentation(package: Package, main: str, tile: NDArray[np.bool_], amplitude: float) -> None:
    slides = slides_of(package, main)
    if not slides:
        raise UnsupportedFeatureError(reason="it has no slide")
    wide, high = slide_size(package, main)
    part = _picture(package, "ppt/media", (wide / _EMU, high / _EMU), tile, amplitude)
    key = _free_key(package)
    for name in slides:
        picture_add(package, name, package.relate(name, key, _IMAGE, part), (wide, high))


def _picture(
    package: Package, folder: str, inches: tuple[float, float], tile: NDArray[np.bool_], amplitude: float
) -> str:
    """Put the picture of one page into the package; return its name."""
    if not all(0 < side <= MOST_INCHES for side in inches):
        raise TooLargeError(what="page in inches", limit=MOST_INCHES)
    width, height = (round(side * PIXELS_PER_INCH) for side in inches)
    stream = io.BytesIO()
    made: Image.Image = veil_of(tile, amplitude, (width, height), CHIP_PIXELS)
    made.save(stream, "PNG")
    name = next(
        name for at in count(1) if not package.has(name := f"{folder}/copy-tile-{at}.png")
    )  # not among the parts that a new visible mark takes out
    package.write(name, stream.getvalue())
    package.declare(name, _PNG)
    return name


def _free_key(package: Package) -> str:
    """Return what names the relationship: unused, even in a file that is itself such a copy."""
    used = {
        tag.attributes.get("Id", "")
        for name in package.names
        if name.endswith(".rels")
        for tag in tags(package.read(name), "Relationship")
    }
    return next(key for at in count(1) if not any(each.endswith(key := f"CopyTile{at}") for each in used))


def _paragraph(space: str, key: str, width: float, height: float) -> str:
    """Return a paragraph of no height that holds the picture behind the text of its whole page."""
    size = f"width:{width * 72:.2f}pt;height:{height * 72:.2f}pt"
    return (
        f'<w:p xmlns:w="{space}"><w:pPr><w:spacing w:before="0" w:after="0" w:line="1" w:lineRule="exact"/>'
        '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr><w:r><w:rPr><w:noProof/></w:rPr>'
        '<w:pict xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<v:rect id="{key}" style="position:absolute;margin-left:0;margin-top:0;{size};z-index:-251650000;'
        "mso-position-horizontal:left;mso-position-horizontal-relative:page;"
        'mso-position-vertical:top;mso-position-vertical-relative:page" o:allowincell="f" stroked="f"'
        f' filled="f"><v:imagedata r:id="rIdShoumi{key}" o:title=""/></v:rect></w:pict></w:r></w:p>'
    )
