"""Looks at a drawn signature: a PNG as the canvas gives it, and the strokes with their times.

The strokes are kept beside the picture because pace and order of a pen tell more than its trace.  Whether a
signature is somebody's own is not judged here.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.server.agreements.services.errors import DrawingError

PREFIX: Final = "data:image/png;base64,"
MOST_BYTES: Final = 400_000  # of the picture
MOST_SIDE: Final = 4000  # pixels
MOST_POINTS: Final = 20_000
LEAST_POINTS: Final = 8  # fewer are a slip of the finger
DARK: Final = 128  # of 255
LEAST_DARK: Final = 40  # pixels


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn signature that can be kept."""

    picture: bytes  # PNG
    strokes: bytes  # canonical JSON: strokes of points with x, y, time in ms and pressure


def drawing_read(picture: str, strokes: str) -> Drawing:
    """Return the drawing that a form sent.

    Raises:
        DrawingError: nothing was drawn, or it is no such picture and strokes.
    """
    return Drawing(_picture(picture), _strokes(strokes))


def _picture(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise DrawingError(reason="nothing was drawn")
    try:
        content = base64.b64decode(text[len(PREFIX) :], validate=True)
        if len(content) > MOST_BYTES:
            raise DrawingError(reason="the picture is too large")
        image = Image.open(io.BytesIO(content), formats=("PNG",))
        if max(image.size) > MOST_SIDE:
            raise DrawingError(reason="the picture is too large")
        image.load()
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DrawingError(reason="the picture cannot be read") from error
    if sum(_on_white(image).convert("L").histogram()[:DARK]) < LEAST_DARK:
        raise DrawingError(reason="nothing was drawn")
    return content


def _on_white(image: Image.Image) -> Image.Image:
    seen = image.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    return paper


def _strokes(text: str) -> bytes:
    try:
        given: Any = json.loads(text)
        rows = [[_point(point) for point in stroke["points"]] for stroke in given]
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise DrawingError(reason="the strokes cannot be read") from error
    count = sum(len(row) for row in rows)
    if not LEAST_POINTS <= count <= MOST_POINTS:
        raise DrawingError(
            reason="nothing was drawn" if count < LEAST_POINTS else "there are too many strokes"
        )
    return canonical_bytes({"format": "shoumi-strokes-1", "strokes": rows})


def _point(point: Any) -> dict[str, JSONValue]:
    kept = {name: round(float(point[name]), 3) for name in ("x", "y")}
    return {**kept, "time": int(point["time"]), "pressure": round(float(point.get("pressure", 0.5)), 3)}
