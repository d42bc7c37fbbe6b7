"""Letters in pictures and scans, recognised by Tesseract, a program of its own.

Source: the manual of tesseract(1).  Only on demand: a page takes seconds.  The picture goes in and the text
comes out through pipes; nothing is written to disk.  Small pictures (buttons, rules, logos) are passed over.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.values import PartKind, Reason

PROGRAM: Final = "tesseract"
LANGUAGES: Final = ("chi_sim", "jpn")
_WAYS: Final = ("3", "6")  # as a page; and where that gives nothing, as one block, such as a line or a stamp
_LEAST_SIDE: Final = 40  # pixels
_PIXELS_MOST: Final = 80_000_000
_FORMATS: Final = frozenset({"PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"})
_DIRECT: Final = frozenset({"PNG", "JPEG", "BMP"})
_WIDE: Final = r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SPACE_BETWEEN: Final = re.compile(rf"(?<={_WIDE})[ \t]+(?={_WIDE})")
_FRAMES_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Letters:
    """Reads pictures in these languages, as `Outside.look`."""

    languages: tuple[str, ...] = LANGUAGES
    seconds: float = 60.0  # for one picture

    def __call__(self, content: bytes, harvest: Harvest, label: str) -> None:
        """Add the text in a picture, or note why it could not be read."""
        program = shutil.which(PROGRAM)
        if program is None:
            harvest.closed(Reason.PROGRAM, f"{PROGRAM} is not installed")
            return
        for number, page in enumerate(_pages(content, harvest), 1):
            for way in _WAYS:
                text = self._recognised(program, page, way, harvest)
                if text is None or text.strip():
                    harvest.text(PartKind.RECOGNISED, text or "", label or str(number))
                    break

    def _recognised(self, program: str, picture: bytes, way: str, harvest: Harvest) -> str | None:
        """Return the text, or note why there is none and return None."""
        try:
            ended = subprocess.run(  # noqa: S603 - the program found above, arguments of our own
                [program, "stdin", "stdout", "-l", "+".join(self.languages), "--psm", way],
                input=picture,
                capture_output=True,
                timeout=self.seconds,
                check=False,
                env={"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
            )
        except subprocess.TimeoutExpired:
            harvest.closed(Reason.TIME, f"recognising letters took more than {self.seconds:g} seconds")
            return None
        except OSError as error:
            harvest.closed(Reason.PROGRAM, f"{PROGRAM} does not start: {type(error).__name__}")
            return None
        if ended.returncode:
            missing = b"Failed loading language" in ended.stderr
            reason = Reason.PROGRAM if missing else Reason.DAMAGED
            harvest.closed(reason, f"{PROGRAM} ended with {ended.returncode}")
            return None
        return _SPACE_BETWEEN.sub("", ended.stdout.decode("utf-8", "replace"))


def _pages(content: bytes, harvest: Harvest) -> list[bytes]:
    """Return what is worth looking at as files that Tesseract reads; a TIFF may have several pages."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are checked below
            with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as picture:
                if min(picture.size) < _LEAST_SIDE:
                    return []
                if picture.width * picture.height > _PIXELS_MOST:
                    harvest.closed(Reason.TOO_LARGE, f"a picture of more than {_PIXELS_MOST} pixels")
                    return []
                frames = min(getattr(picture, "n_frames", 1), _FRAMES_MOST)
                if picture.format in _DIRECT:
                    return [content]
                return [
                    _frame(picture, number) for number in range(frames if picture.format == "TIFF" else 1)
                ]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        harvest.closed(Reason.DAMAGED, "a picture that cannot be opened")
        return []


def _frame(picture: Image.Image, number: int) -> bytes:
    picture.seek(number)
    room = io.BytesIO()
    picture.convert("RGB").save(room, "PNG", compress_level=1)
    return room.getvalue()
