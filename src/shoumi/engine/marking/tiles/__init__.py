"""The traceable copy: a faint keyed tile over every page that tells, when a copy turns up, whose it was.

Source: our own measurements in `docs/formats/traceable-copy.md`, which describes every chip.  It embeds
48-bit copy ids and reads them back from screenshots, compressed, cropped, resized and turned pictures.
It does not keep ids or keys, names nobody, and does not resist somebody who sets out to remove it.
"""

from shoumi.engine.marking.tiles.closed_set import Match, closest
from shoumi.engine.marking.tiles.embedding import (
    AMPLITUDE,
    CHIP_PIXELS,
    CHIP_POINTS,
    embed,
    pdf_overlay,
    veil,
)
from shoumi.engine.marking.tiles.layout import KEY_BYTES
from shoumi.engine.marking.tiles.pictures import PictureTooLargeError, PictureUnreadableError
from shoumi.engine.marking.tiles.reading import ACCEPT, Candidate, decode, decode_grey
from shoumi.engine.marking.tiles.verdict import Finding, How, code_of, findings

__all__ = [
    "ACCEPT",
    "AMPLITUDE",
    "CHIP_PIXELS",
    "CHIP_POINTS",
    "KEY_BYTES",
    "Candidate",
    "Finding",
    "How",
    "Match",
    "PictureTooLargeError",
    "PictureUnreadableError",
    "closest",
    "code_of",
    "decode",
    "decode_grey",
    "embed",
    "findings",
    "pdf_overlay",
    "veil",
]
