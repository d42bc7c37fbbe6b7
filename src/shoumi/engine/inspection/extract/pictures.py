"""Whether a picture that nobody looks into could be opened at all: what is broken is told, not passed over.

Source: the signatures and checksums of PNG (ISO/IEC 15948), the end marker of JPEG (ITU-T T.81, B.1.1.3), the
headers of the others.  Pixels are not decoded: that costs more than reading the file, and finds nothing.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

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
    if kind == "image/jpeg" and _JPEG_END not in content:
        raise ClosedError(Reason.DAMAGED, "a picture that is cut off")
