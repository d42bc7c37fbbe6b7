"""Adopts an uploaded picture: a PNG or JPEG of a sensible size, whose measures are read from its head.

Only the head is read (Pillow opens lazily); no pixel is decoded here.
"""

from __future__ import annotations

from PIL import Image, UnidentifiedImageError

from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open, files_adopt
from shoumi.server.places.services.errors import PictureError

KINDS = {"image/png": "PNG", "image/jpeg": "JPEG"}
MOST_PIXELS = 60_000_000
MOST_BYTES = 30 << 20
ORIENTATION = 0x0112  # EXIF: how the camera was held
TURNED = (5, 6, 7, 8)  # width and height change places


def picture_adopt(actor: User, chosen: object) -> StoredFile:
    """Return the stored picture for what a `StoredFileField(multiple=False)` gave.

    Raises:
        PictureError: it is no PNG or JPEG, damaged, or too large.
    """
    stored = files_adopt(actor=actor, chosen=[chosen])[0]
    picture_measure(stored)
    return stored


def picture_measure(stored: StoredFile) -> tuple[int, int]:
    """Return width and height in pixels as a browser shows the picture.

    Raises:
        PictureError: it is no PNG or JPEG, damaged, or too large.
    """
    if stored.media_type not in KINDS:
        raise PictureError(reason="it is neither PNG nor JPEG")
    if stored.size_bytes > MOST_BYTES:
        raise PictureError(reason="it is larger than 30 MiB")
    try:
        with file_open(stored) as reader, Image.open(reader, formats=[KINDS[stored.media_type]]) as image:
            width, height = image.size
            turned = image.getexif().get(ORIENTATION) in TURNED
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise PictureError(reason="it is damaged") from error
    if width * height > MOST_PIXELS:
        raise PictureError(reason="it has more than 60 million pixels")
    return (height, width) if turned else (width, height)
